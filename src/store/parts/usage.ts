import type { UsageStore } from '../../core/store.ts'
import { isKey } from '../keys.ts'
import type { PartPorts } from '../ports.ts'

/** Rows that one statement writes: well under a millisecond. */
const BATCH = 50

/** @returns the store, and what writes the counts that still wait */
export function createUsage({ looseSql, clock, limits, attempt, forgive }: PartPorts): UsageStore & {
  readonly close: () => Promise<void>
} {
  const bounds = limits.usage
  const waiting = new Map<string, number>()
  let timer: NodeJS.Timeout | undefined

  async function writeSome(): Promise<void> {
    // In one order whoever writes: two that write the same keys must not wait for each other.
    const batch = [...waiting.entries().take(BATCH)].toSorted(([a], [b]) => (a < b ? -1 : 1))
    // Counts that cannot be written now are lost: to collect them could go on for ever.
    for (const [key] of batch) waiting.delete(key)
    const usedAtMs = Math.floor(clock.nowMs())
    await forgive(undefined, async () => {
      await looseSql
        .insertInto('usage')
        .values(batch.map(([key, count]) => ({ key, usedAtMs, count })))
        .onConflict((conflict) =>
          conflict.column('key').doUpdateSet((eb) => ({
            count: eb('usage.count', '+', eb.ref('excluded.count')),
            usedAtMs: eb.ref('excluded.usedAtMs'),
          })),
        )
        .execute()
    })
  }

  function writeLater(): void {
    timer ??= setTimeout(
      () => {
        timer = undefined
        void writeSome()
        if (waiting.size > 0) writeLater()
      },
      bounds.writeAfterMs / Math.max(1, waiting.size / BATCH),
    ).unref()
  }

  async function writeAll(): Promise<void> {
    while (waiting.size > 0) await writeSome()
  }

  return {
    add: (key, count) => {
      if (!isKey(key, limits) || !Number.isSafeInteger(count) || count <= 0) return
      if (!waiting.has(key) && waiting.size >= bounds.count) return
      waiting.set(key, (waiting.get(key) ?? 0) + count)
      writeLater()
    },
    load: async () => {
      await writeAll()
      return attempt(async () => {
        const rows = await looseSql
          .selectFrom('usage')
          .select(['key', 'count'])
          .orderBy('usedAtMs', 'desc')
          .limit(bounds.count)
          .execute()
        return new Map(rows.map(({ key, count }) => [key, count]))
      })
    },
    close: async () => {
      clearTimeout(timer)
      timer = undefined
      await writeAll()
    },
  }
}
