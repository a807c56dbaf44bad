import type { DatabaseSync } from 'node:sqlite'

import type { Clock } from '../../core/ports.ts'
import type { StoreLimits } from '../limits.ts'
import { numberOf } from './database.ts'

const DAY_MS = 86_400_000
/** Rows that one step takes away; a value may have thousands of pages. */
const STEP_ROWS = 10
/** Free pages that are kept for what comes next (16 MiB), and those that one step gives back to the disk. */
const SPARE_PAGES = 4_096
const STEP_PAGES = 128

/** What takes away what ran out, in steps that are short enough for the main thread. A step says whether there is more. */
export function createPrune(database: DatabaseSync, clock: Clock, limits: StoreLimits): () => boolean {
  const nowMs = (): number => Math.floor(clock.nowMs())
  const some = (table: string, condition: string) =>
    database.prepare(
      `DELETE FROM ${table} WHERE rowid IN (SELECT rowid FROM ${table} WHERE ${condition} LIMIT ${STEP_ROWS})`,
    )
  const beyond = (table: string, column: string) =>
    database.prepare(
      `DELETE FROM ${table} WHERE rowid IN (SELECT rowid FROM ${table} ORDER BY ${column} DESC LIMIT ${STEP_ROWS} OFFSET ?)`,
    )
  const handles = some('handle', 'expiresAtMs <= ?')
  const runs = some('run', 'expiresAtMs <= ? AND claimUntilMs <= ?')
  const oldShapes = some('shape', 'savedAtMs <= ?')
  const manyShapes = beyond('shape', 'savedAtMs')
  const manyCounts = beyond('usage', 'usedAtMs')
  const savings = database.prepare('DELETE FROM savings WHERE day < ?')

  return () => {
    const now = nowMs()
    const removed = [
      handles.run(now),
      runs.run(now, now),
      oldShapes.run(now - limits.shape.ttlMs),
      manyShapes.run(limits.shape.count),
      manyCounts.run(limits.usage.count),
    ].map(({ changes }) => Number(changes))
    savings.run(Math.floor((now - limits.savings.ttlMs) / DAY_MS))
    const isFree = numberOf(database, 'PRAGMA freelist_count') > SPARE_PAGES
    if (isFree) database.exec(`PRAGMA incremental_vacuum(${STEP_PAGES})`)
    return isFree || removed.some((count) => count === STEP_ROWS)
  }
}
