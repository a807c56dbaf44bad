import type ivm from 'isolated-vm'

import type { WireUsage } from '../wire.ts'

/** What a run uses, counted outside of the isolate. */
export interface Meter {
  readonly cpuMs: () => number
  /** Without the time in which the clock stood. */
  readonly wallMs: () => number
  /** Stops the wall clock, or lets it go on. */
  readonly pause: (isPaused: boolean) => void
  /** How many calls wait for a place. */
  readonly queued: (calls: number) => void
  readonly logged: (text: string) => void
  readonly called: (argumentsJson: string) => void
  /** Counts a result and says how many bytes of results there have been. */
  readonly answered: (resultJson: string) => number
  /** Waiting for tools begins with the first call in flight and ends with the last answer. */
  readonly waiting: (isWaiting: boolean) => void
  /** Looks at the heap, without waiting for the answer. */
  readonly lookAtMemory: () => void
  readonly usage: () => WireUsage
}

/** Starts counting for a run in an isolate. Times in milliseconds, sizes in bytes of UTF-8. */
export function createMeter(isolate: ivm.Isolate): Meter {
  const startedMs = performance.now()
  const cpuBefore = isolate.cpuTime
  let waitingSinceMs: number | undefined
  let toolWaitMs = 0
  let pausedSinceMs: number | undefined
  let pausedMs = 0
  let queueWaitMs = 0
  let queueSinceMs = startedMs
  let inQueue = 0
  let calls = 0
  let argumentBytes = 0
  let resultBytes = 0
  let logBytes = 0
  let memoryBytes = 0
  let cpuMs = 0

  const readCpu = (): number => {
    // An isolate that has been disposed of has no clock any more: the last reading stands.
    if (!isolate.isDisposed) cpuMs = Number(isolate.cpuTime - cpuBefore) / 1e6
    return cpuMs
  }
  const wallMs = (): number => (pausedSinceMs ?? performance.now()) - startedMs - pausedMs
  const queued = (count: number): void => {
    const nowMs = performance.now()
    queueWaitMs += inQueue * (nowMs - queueSinceMs)
    inQueue = count
    queueSinceMs = nowMs
  }
  const waiting = (isWaiting: boolean): void => {
    const nowMs = performance.now()
    if (waitingSinceMs !== undefined) toolWaitMs += nowMs - waitingSinceMs
    waitingSinceMs = isWaiting ? nowMs : undefined
  }

  return {
    cpuMs: readCpu,
    wallMs,
    pause(isPaused) {
      const nowMs = performance.now()
      if (pausedSinceMs !== undefined) pausedMs += nowMs - pausedSinceMs
      pausedSinceMs = isPaused ? nowMs : undefined
    },
    queued,
    logged: (text) => void (logBytes += Buffer.byteLength(text)),
    called(argumentsJson) {
      calls += 1
      argumentBytes += Buffer.byteLength(argumentsJson)
    },
    answered: (resultJson) => (resultBytes += Buffer.byteLength(resultJson)),
    waiting,
    lookAtMemory() {
      void isolate.getHeapStatistics().then(
        ({ used_heap_size: used, externally_allocated_size: external }) => {
          memoryBytes = Math.max(memoryBytes, used + external)
        },
        () => {},
      )
    },
    usage() {
      waiting(false)
      queued(0)
      return {
        wallMs: wallMs(),
        cpuMs: readCpu(),
        toolWaitMs,
        queueWaitMs,
        calls,
        logBytes,
        argumentBytes,
        resultBytes,
        memoryBytes,
      }
    },
  }
}
