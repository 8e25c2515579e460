import { defineConfig } from 'vitest/config';

const everywhere = {
  exclude: ['test/browser/**', 'node_modules/**'],
  // Generous on purpose: tests wait for conditions, and a slow machine must not fail them.
  testTimeout: 180_000,
  hookTimeout: 300_000,
};

/** Two cores are the smallest machine that the suite promises to pass on; local clouds get them when all else is done. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...everywhere,
          name: 'parts',
          include: ['test/**/*.test.ts'],
          exclude: [...everywhere.exclude, 'test/end-to-end/**'],
          maxWorkers: 2,
          // Files of a worker share their modules: no test mocks one, and loading them anew for each file takes 100 s.
          isolate: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...everywhere,
          name: 'end to end',
          include: ['test/end-to-end/**/*.test.ts'],
          globalSetup: 'test/end-to-end/assembly.ts',
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
