import { Worker } from 'node:worker_threads'

import { bareThread } from '../../../core/thread.ts'
import type { AuditWriter, Link } from './chain.ts'
import type { Answer, Order, ThreadData } from './thread-messages.ts'

const THREAD = new URL(import.meta.url.endsWith('.ts') ? './thread.ts' : './thread.js', import.meta.url)

interface Waiting {
  readonly resolve: (link: Link) => void
  readonly reject: (error: Error) => void
}

/**
 * Writes through a thread with a connection of its own. The thread is started by the first append; where it ends, the next one starts
 * another.
 *
 * @param path the file of the store
 */
export function createThreadWriter(path: string): AuditWriter {
  const waiting = new Map<number, Waiting>()
  let thread: Worker | undefined
  let lastId = 0
  let isClosed = false

  function start(): Worker {
    const workerData: ThreadData = { path }
    const worker = new Worker(THREAD, { workerData, ...bareThread() })
    const ids = (): readonly number[] => (thread === worker ? [...waiting.keys()] : [])
    worker.on('message', settle)
    worker.once('error', () => undefined)
    worker.once('exit', () => {
      for (const id of ids()) settle({ id, fault: { message: 'The thread ended.', code: 'ERR_WORKER_EXIT' } })
      if (thread === worker) thread = undefined
    })
    return worker
  }

  function settle(answer: Answer): void {
    const found = waiting.get(answer.id)
    waiting.delete(answer.id)
    // Only what waits keeps the process alive.
    if (waiting.size === 0) thread?.unref()
    if ('link' in answer) found?.resolve(answer.link)
    else found?.reject(Object.assign(new Error(answer.fault.message), answer.fault))
  }

  function send(worker: Worker, order: Order): void {
    worker.postMessage(order)
  }

  return {
    append: async (bodies) => {
      if (isClosed) throw Object.assign(new Error('The audit is closed.'), { code: 'ERR_INVALID_STATE' })
      thread ??= start()
      if (waiting.size === 0) thread.ref()
      const id = ++lastId
      const done = new Promise<Link>((resolve, reject) => waiting.set(id, { resolve, reject }))
      send(thread, { id, bodies })
      return done
    },
    close: async () => {
      isClosed = true
      const worker = thread
      if (worker === undefined) return
      const { promise, resolve } = Promise.withResolvers<void>()
      worker.once('exit', () => resolve())
      worker.ref()
      // What was ordered before is done before.
      send(worker, { id: 0 })
      await promise
    },
  }
}
