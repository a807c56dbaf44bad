import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Json } from './core/json.ts'
import type { KnownLists } from './mcp/plan.ts'

/** Twice what the largest of 52 real servers lists. */
const MAX_BYTES = 8 * 1_024 * 1_024

/**
 * Keeps lists as files in a folder that only its owner can read. A file that cannot be read or written is as if it were not
 * there: the lists only make a start faster.
 */
export function createKnownLists(folder: string): KnownLists {
  // Hashed once more: the key is made of secrets too.
  const fileOf = (key: string): string =>
    join(folder, `${createHash('sha256').update(`known ${key}`).digest('hex').slice(0, 32)}.json`)
  return {
    read(key) {
      try {
        const file = fileOf(key)
        if (statSync(file).size > MAX_BYTES) return undefined
        return JSON.parse(readFileSync(file, 'utf8')) as Json
      } catch {
        return undefined
      }
    },
    write(key, value) {
      try {
        const text = JSON.stringify(value)
        if (text.length > MAX_BYTES) return
        const file = fileOf(key)
        mkdirSync(folder, { recursive: true, mode: 0o700 })
        // Whole or not at all: two gateways may write at the same time, and either may be killed.
        const unfinished = `${file}.${process.pid}`
        writeFileSync(unfinished, text, { mode: 0o600 })
        renameSync(unfinished, file)
      } catch {
        // A read-only file system, a full disk: the next start is slower.
      }
    },
  }
}
