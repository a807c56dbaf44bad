import type { Clock } from '../../../core/ports.ts'
import type { BreakerLimits } from '../../plan.ts'

/**
 * Enough for a server that is gone, and not for one that drops a call now and then. The window is longer than
 * connecting may usually take, or a server that nobody can connect to would never fill it.
 */
export const BREAKER_LIMITS: BreakerLimits = Object.freeze({ failures: 5, windowMs: 60_000, openMs: 10_000 })

/** How a call ended, for the breaker: `unknown` where it says nothing about the way to the upstream. */
export type Verdict = 'answered' | 'failed' | 'unknown'

/** May the call go? `end` is to be called once when it has ended. */
export type Pass =
  | { readonly isOpen: false; readonly end: (verdict: Verdict) => void }
  | { readonly isOpen: true; readonly retryInMs: number; readonly failures: number }

/** Keeps calls from an upstream that they cannot reach. */
export interface Breaker {
  readonly enter: () => Pass
  /** Something says that the upstream is back: the next call is let through to see. */
  readonly ease: () => void
}

/**
 * Opens after some failures in a row, refuses for a moment, and then lets one call through: an answer closes it,
 * a failure opens it again. One call that takes long does not keep the others out: another is let through then.
 *
 * Calls that were under way together and were lost together are one failure: a server that ends with eight calls
 * in flight and is started again is not kept from working.
 */
export function createBreaker(limits: BreakerLimits, clock: Clock): Breaker {
  let entered = 0
  let enteredAtFailure = 0
  let failures = 0
  let failedAtMs = -Infinity
  let opensUntilMs = -Infinity
  let trialUntilMs = -Infinity

  function fail(number: number, isTrial: boolean): void {
    if (number <= enteredAtFailure) return
    const nowMs = clock.monotonicMs()
    if (!isTrial && nowMs - failedAtMs > limits.windowMs) failures = 0
    failures += 1
    failedAtMs = nowMs
    enteredAtFailure = entered
    if (isTrial || failures >= limits.failures) opensUntilMs = nowMs + limits.openMs
  }

  return {
    enter() {
      const isSuspect = opensUntilMs !== -Infinity
      if (isSuspect) {
        const nowMs = clock.monotonicMs()
        const retryInMs = Math.max(opensUntilMs, trialUntilMs) - nowMs
        if (retryInMs > 0) return { isOpen: true, retryInMs, failures }
        trialUntilMs = nowMs + limits.openMs
      }
      entered += 1
      const number = entered
      return {
        isOpen: false,
        end(verdict) {
          if (isSuspect) trialUntilMs = -Infinity
          if (verdict === 'failed') return fail(number, isSuspect)
          if (verdict === 'unknown') return
          failures = 0
          opensUntilMs = -Infinity
        },
      }
    },
    ease() {
      if (opensUntilMs !== -Infinity) opensUntilMs = clock.monotonicMs()
    },
  }
}
