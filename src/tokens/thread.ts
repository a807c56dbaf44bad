import { Worker } from 'node:worker_threads'

import { bareThread } from '../core/thread.ts'

/** A thread that counts, one list of texts after the other. */
export interface Thread {
  /** The tokens of each text. Not before the last answer. Holds the process until then. @throws where the thread ends */
  readonly ask: (texts: readonly string[]) => Promise<readonly number[]>
  readonly end: () => Promise<unknown>
}

/** Counting makes much garbage that dies young: with Node's own size it took 100 MB more and was no faster. */
const YOUNG_GENERATION_MB = 4

/**
 * Starts a thread. It has no environment and does not hold the process while it has nothing to do. Its heap as a whole has
 * no limit of its own: what it is given is bounded, and a thread that meets such a limit too fast aborts the whole process.
 */
export function startThread(entry: URL): Thread {
  const worker = new Worker(entry, {
    ...bareThread(),
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
  })
  let asked: PromiseWithResolvers<readonly number[]> | undefined
  let ending: Error | undefined
  const onEnd = (reason: Error): void => {
    ending ??= reason
    asked?.reject(ending)
  }
  worker.on('message', (counts: readonly number[]) => {
    worker.unref()
    asked?.resolve(counts)
  })
  worker.on('error', (error) => onEnd(error instanceof Error ? error : new Error(String(error))))
  worker.on('exit', () => onEnd(new Error('The thread has ended.')))
  worker.unref()
  return {
    ask: (texts) => {
      if (ending !== undefined) return Promise.reject(ending)
      asked = Promise.withResolvers()
      worker.ref()
      worker.postMessage(texts)
      return asked.promise
    },
    end: () => worker.terminate(),
  }
}
