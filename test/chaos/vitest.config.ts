import { defineConfig } from 'vitest/config'

/** Long: `npm run test:chaos`. `KILLS` and `SEED` are read from the environment. */
export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/chaos/**/*.chaos.ts'],
    globalSetup: ['test/store/postgres-setup.ts'],
    testTimeout: 3_600_000,
    pool: 'forks',
    maxWorkers: 1,
    // Progress is shown while it goes on.
    disableConsoleIntercept: true,
  },
})
