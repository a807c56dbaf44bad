import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { defineConfig } from 'vitest/config'

/** Folders whose tests share nothing but code: they need no process for each file, and half of their time was the start of it. */
const TOGETHER = [
  'bench/{analysis,report,live}',
  'conditions',
  'config',
  'http',
  'identity',
  'llm',
  'policy',
  'secrets',
].map((folder) => `test/${folder}/**/*.test.ts`)

const shared = {
  // Starts nothing: it waits until a test asks for PostgreSQL.
  globalSetup: ['test/store/postgres-setup.ts'],
  // Real processes and real servers are started: give them time on a small, busy machine.
  testTimeout: 30_000,
  hookTimeout: 60_000,
  // Of all programs that tests start: each of them alone would compile everything anew.
  env: {
    NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? join(tmpdir(), 'isogate-test-compile-cache'),
  },
  pool: 'forks' as const,
}

export default defineConfig({
  test: {
    // More than cores: most of the time a test waits for a process.
    maxWorkers: 3,
    projects: [
      { test: { ...shared, name: 'apart', include: ['test/**/*.test.ts'], exclude: TOGETHER } },
      { test: { ...shared, name: 'together', include: TOGETHER, isolate: false } },
    ],
  },
})
