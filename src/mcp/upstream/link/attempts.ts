import type { Clock } from '../../../core/ports.ts'
import { BACKOFF_MIN_MS } from '../wire/backoff.ts'

/** Attempts to connect: one at a time, whoever asks for it. */
export interface Attempts<T> {
  /** Joins the attempt under way, or begins one. */
  readonly start: () => Promise<T>
  readonly running: () => Promise<T> | undefined
  /** True where one has ended just now, so that the next would only end in the same way. */
  readonly isFresh: () => boolean
  /** Something was learned since: the next attempt need not wait. */
  readonly forget: () => void
}

/** @param onEnd Called in one turn with the end of an attempt, before anybody hears of its outcome. */
export function createAttempts<T>(run: () => Promise<T>, clock: Clock, onEnd: () => void): Attempts<T> {
  let running: Promise<T> | undefined
  let endedMs = 0
  return {
    start() {
      running ??= run().finally(() => {
        running = undefined
        endedMs = clock.monotonicMs()
        onEnd()
      })
      return running
    },
    running: () => running,
    isFresh: () => running === undefined && clock.monotonicMs() - endedMs < BACKOFF_MIN_MS,
    forget: () => (endedMs = -Infinity),
  }
}
