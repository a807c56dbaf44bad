import type { UsageStore } from '../../core/store.ts'
import { inTransaction } from './database.ts'
import type { PartPorts } from './ports.ts'

/** Rows that one transaction writes: well under a millisecond. */
const BATCH = 50

/** @returns the store, and what writes the counts that still wait */
export function createUsage({ database, clock, limits, attempt, forgive }: PartPorts): UsageStore & {
  readonly close: () => void
} {
  const bounds = limits.usage
  const select = database.prepare('SELECT key, count FROM usage ORDER BY usedAtMs DESC LIMIT ?')
  const write = database.prepare(
    `INSERT INTO usage (key, usedAtMs, count) VALUES (?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET count = count + excluded.count, usedAtMs = excluded.usedAtMs`,
  )
  const waiting = new Map<string, number>()
  let timer: NodeJS.Timeout | undefined

  function writeSome(): void {
    const batch = [...waiting.entries().take(BATCH)]
    // Counts that cannot be written now are lost: to collect them could go on for ever.
    for (const [key] of batch) waiting.delete(key)
    forgive(undefined, () =>
      inTransaction(database, () => {
        for (const [key, count] of batch) write.run(key, Math.floor(clock.nowMs()), count)
      }),
    )
  }

  function writeLater(): void {
    timer ??= setTimeout(
      () => {
        timer = undefined
        writeSome()
        if (waiting.size > 0) writeLater()
      },
      bounds.writeAfterMs / Math.max(1, waiting.size / BATCH),
    ).unref()
  }

  function writeAll(): void {
    while (waiting.size > 0) writeSome()
  }

  return {
    add: (key, count) => {
      if (key.length > limits.keyChars || !Number.isSafeInteger(count) || count <= 0) return
      if (!waiting.has(key) && waiting.size >= bounds.count) return
      waiting.set(key, (waiting.get(key) ?? 0) + count)
      writeLater()
    },
    load: () => {
      writeAll()
      return attempt(
        () => new Map(select.all(bounds.count).map((row) => [String(row['key']), Number(row['count'])])),
      )
    },
    close: () => {
      clearTimeout(timer)
      timer = undefined
      writeAll()
    },
  }
}
