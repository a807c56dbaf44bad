import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Starts nothing: it waits until a test asks for PostgreSQL.
    globalSetup: ['test/store/postgres-setup.ts'],
    // Real processes and real servers are started: give them time on a small, busy machine.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Of all programs that tests start: each of them alone would compile everything anew.
    env: {
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? join(tmpdir(), 'isogate-test-compile-cache'),
    },
    pool: 'forks',
    // More than cores: most of the time a test waits for a process.
    maxWorkers: 3,
  },
})
