/**
 * The clock of the open loop, a thread of its own: it sleeps until a call is due, to a fraction of a millisecond, and tells how many are
 * due by then. A timer of the event loop is a millisecond late or more, and later the more there is to do.
 */
import { parentPort, workerData } from 'node:worker_threads'

import { dueAtMs, nowMs, type Beat } from './beat.ts'

const beat = workerData as Beat
/** Not 0: it is over. */
const end = new Int32Array(beat.end)

let due = 0
while (due < beat.count && Atomics.load(end, 0) === 0) {
  const waitMs = dueAtMs(beat, due) - nowMs()
  if (waitMs > 0) {
    Atomics.wait(end, 0, 0, waitMs)
    continue
  }
  // What a late moment left behind is told at once: no call is left out.
  do due += 1
  while (due < beat.count && dueAtMs(beat, due) <= nowMs())
  parentPort?.postMessage(due)
}
