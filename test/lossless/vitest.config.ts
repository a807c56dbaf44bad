import { defineConfig } from 'vitest/config'

/** Tests with programs of others that are installed on demand: large, slow the first time, and they need the registry. */
export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/**/*.real.ts'],
    testTimeout: 120_000,
    hookTimeout: 300_000,
    pool: 'forks',
    // One file after the other: each has many processes of its own.
    maxWorkers: 1,
    // The progress of an installation is shown while it goes on.
    disableConsoleIntercept: true,
  },
})
