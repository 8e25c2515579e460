import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/browser/**', 'node_modules/**'],
    // Generous on purpose: tests wait for conditions, and a slow machine must not fail them.
    testTimeout: 60_000,
    hookTimeout: 180_000,
    // Two cores are the smallest machine that the suite promises to pass on.
    maxWorkers: 2,
  },
});
