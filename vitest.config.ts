import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['scripts/build-before-tests.mjs'],
    // chDB must not be loaded in a worker thread, so files run in processes; two, for it takes a core and 250 MB.
    // Sharing a process between files saves half a CPU second a file: no module-level state in tests.
    pool: 'forks',
    isolate: false,
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 120_000,
    // Real stores and child processes: a test may not leave its spies or variables to the next.
    restoreMocks: true,
    unstubEnvs: true,
  },
});
