import { defineConfig } from 'vitest/config';

/** The page in a real browser: needs Debian's (or another) Chromium, so it is not part of `npm test`. */
export default defineConfig({
  test: { include: ['test/browser/**/*.test.ts'], testTimeout: 180_000, hookTimeout: 180_000 },
});
