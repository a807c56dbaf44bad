import { createSlidingWindow, type SlidingWindow } from './sliding-window.ts'

/** Counts what has a rate, by key. A key without anything in its window takes no memory for long. */
export interface Rates {
  /** How long until one more fits, milliseconds; 0 where it does now. Counts nothing. */
  readonly waitMs: (key: string, limit: number, nowMs: number) => number
  readonly add: (key: string, lengthMs: number, nowMs: number) => void
  /** What each key that begins so has in its window. */
  readonly used: (prefix: string, nowMs: number) => readonly (readonly [key: string, used: number])[]
}

const FIRST_SWEEP = 1_000

/*
 * Not the package rate-limiter-flexible, whose cost would not matter: it answers by a promise only, so a request cannot be refused where it stands;
 * what it refuses it counts, so several limits cannot be asked before one is charged; and it measures by the wall clock, which can be set.
 */
/** Windows that slide, one for each key. */
export function createRates(): Rates {
  const windows = new Map<string, SlidingWindow>()
  let sweepAt = FIRST_SWEEP

  const sweep = (nowMs: number): void => {
    for (const [key, window] of windows) if (window.used(nowMs) === 0) windows.delete(key)
    sweepAt = Math.max(FIRST_SWEEP, windows.size * 2)
  }

  return {
    waitMs: (key, limit, nowMs) => windows.get(key)?.waitMs(limit, nowMs) ?? 0,
    add(key, lengthMs, nowMs) {
      let window = windows.get(key)
      if (window === undefined) {
        if (windows.size >= sweepAt) sweep(nowMs)
        windows.set(key, (window = createSlidingWindow(lengthMs)))
      }
      window.add(nowMs)
    },
    used: (prefix, nowMs) =>
      [...windows]
        .filter(([key]) => key.startsWith(prefix))
        .map(([key, window]) => [key, window.used(nowMs)] as const),
  }
}
