import { Worker } from 'node:worker_threads'

import { Pool } from 'undici'

import { dueAtMs, nowMs, type Beat } from './beat.ts'
import { bodyOf, headersOf, percentile, type Target } from './generator.ts'

/** What a load at a rate gave. */
export interface PacedLoad {
  readonly calls: number
  /** Answered wrongly, or not in time. */
  readonly failed: number
  /** Sorted, milliseconds, from the moment in which the call was due; a failed one took for ever. */
  readonly latenciesMs: readonly number[]
  /** How late the generator itself was, at its 99th percentile: the figures cannot be better than that. */
  readonly lateMs: number
}

/** How the rate is kept. */
export interface Pace {
  /** At most so many connections; more calls wait for one, and their wait counts. */
  readonly connections: number
  readonly perSecond: number
  readonly forMs: number
  /** How long answers may take once the last call is sent. Default 1,000. */
  readonly graceMs?: number
  /** Calls without an answer at which it is hopeless, and the rest is not sent. Default: none. */
  readonly maxOpen?: number
}

const LEAD_MS = 50

/**
 * Calls a tool at a fixed rate, whatever the answers take. A latency counts from the moment in which the call was due, not from that in which it was
 * sent: a server that stands still for a second has kept all calls of that second waiting.
 */
export async function callAtRate(target: Target, pace: Pace): Promise<PacedLoad> {
  const { connections, perSecond, forMs, graceMs = 1_000, maxOpen = Infinity } = pace
  const { origin, pathname } = new URL(target.url)
  const headers = headersOf(target)
  const pool = new Pool(origin, { connections })
  const count = Math.max(1, Math.floor((forMs / 1_000) * perSecond))
  const latenciesMs: number[] = []
  const latesMs: number[] = []
  const open = new Set<Promise<void>>()
  const end = new SharedArrayBuffer(4)
  let sent = 0
  let failed = 0
  const call = async (dueMs: number, id: number): Promise<void> => {
    const text = `paced-${id}-`
    latesMs.push(nowMs() - dueMs)
    try {
      const body = bodyOf(target, id, text)
      const answer = await pool.request({ path: pathname, method: 'POST', headers, body })
      if (!(await answer.body.text()).includes(text)) throw new Error('another answer')
      latenciesMs.push(nowMs() - dueMs)
    } catch {
      failed += 1
      latenciesMs.push(Infinity)
    }
  }
  try {
    // Their opening is no part of what is measured.
    await openConnections(pool, pathname, headers, target, Math.min(connections, 16))
    const beat: Beat = { startMs: nowMs() + LEAD_MS, perSecond, count, end }
    const worker = new Worker(new URL('metronome.ts', import.meta.url), { workerData: beat })
    const over = new Promise<void>((resolve, reject) =>
      worker.once('exit', () => resolve()).once('error', reject),
    )
    worker.on('message', (due: number) => {
      while (sent < due && open.size < maxOpen) {
        const one: Promise<void> = call(dueAtMs(beat, sent), ++sent).finally(() => open.delete(one))
        open.add(one)
      }
      if (sent < due) Atomics.store(new Int32Array(end), 0, 1)
    })
    await over
    await Promise.race([Promise.all(open), new Promise((resolve) => setTimeout(resolve, graceMs))])
  } finally {
    // Whoever has no answer by now gets none.
    await pool.destroy()
    await Promise.all(open)
  }
  const unsent = count - sent
  for (let index = 0; index < unsent; index++) latenciesMs.push(Infinity)
  return {
    calls: count,
    failed: failed + unsent,
    latenciesMs: latenciesMs.sort((a, b) => a - b),
    lateMs: percentile(
      latesMs.sort((a, b) => a - b),
      0.99,
    ),
  }
}

async function openConnections(
  pool: Pool,
  path: string,
  headers: Record<string, string>,
  target: Target,
  count: number,
): Promise<void> {
  const body = bodyOf(target, 0, 'open')
  await Promise.all(
    Array.from({ length: count }, async () => {
      const answer = await pool.request({ path, method: 'POST', headers, body })
      await answer.body.dump()
    }),
  )
}
