import { stat } from 'node:fs/promises'
import { Worker } from 'node:worker_threads'

import { bareThread } from '../../core/thread.ts'

const THREAD = new URL(
  import.meta.url.endsWith('.ts') ? './checkpoint-thread.ts' : './checkpoint-thread.js',
  import.meta.url,
)
/** From this size on the journal is worked off. */
const JOURNAL_BYTES = 4 * 1024 * 1024
const LOOK_AFTER_MS = 1_000

/** Keeps the journal of a database short. A failure is none: the next time there is more to do. */
export function createCheckpoints(path: string): {
  /** Something was written. */
  readonly wrote: () => void
  readonly close: () => void
} {
  let timer: NodeJS.Timeout | undefined
  let isClosed = false
  let isRunning = false

  async function look(): Promise<void> {
    timer = undefined
    const size = await stat(`${path}-wal`).then(
      (found) => found.size,
      () => 0,
    )
    if (size < JOURNAL_BYTES || isClosed || isRunning) return
    isRunning = true
    const worker = new Worker(THREAD, {
      workerData: { path },
      ...bareThread(),
    })
    worker.unref()
    worker.once('error', () => undefined)
    worker.once('exit', () => (isRunning = false))
  }

  return {
    wrote: () => {
      if (!isClosed) timer ??= setTimeout(() => void look(), LOOK_AFTER_MS).unref()
    },
    close: () => {
      isClosed = true
      clearTimeout(timer)
    },
  }
}
