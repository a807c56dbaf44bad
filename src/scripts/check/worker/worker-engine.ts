import { Worker } from 'node:worker_threads'

import { bareThread } from '../../../core/thread.ts'
import type { CheckEngine, EngineAnswer, EngineKind, EngineOptions } from '../engine.ts'

const THREAD = new URL(import.meta.url.endsWith('.ts') ? './thread.ts' : './thread.js', import.meta.url)

/** ts-morph in a thread of its own: the reference, which every platform has. */
export const workerEngine: EngineKind = {
  name: 'worker',
  unusable: () => undefined,
  start: createWorkerEngine,
}

function createWorkerEngine({ memoryMb }: EngineOptions): CheckEngine {
  const worker = new Worker(THREAD, {
    ...bareThread(),
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
  })
  worker.unref()
  const endListeners: (() => void)[] = []
  let isEnded = false
  let waiting: { resolve: (answer: EngineAnswer) => void; reject: (error: Error) => void } | undefined
  const kill = (): void => {
    if (isEnded) return
    isEnded = true
    void worker.terminate()
    waiting?.reject(new Error('The compiler has ended.'))
    for (const listener of endListeners) listener()
  }
  worker.on('message', (answer: EngineAnswer) => {
    waiting?.resolve(answer)
    waiting = undefined
  })
  worker.on('error', kill)
  worker.on('exit', kill)
  return {
    check: (files) =>
      new Promise((resolve, reject) => {
        if (isEnded) return reject(new Error('The compiler has ended.'))
        waiting = { resolve, reject }
        worker.postMessage(files)
      }),
    isWorn: () => isEnded,
    kill,
    onEnd: (listener) => endListeners.push(listener),
  }
}
