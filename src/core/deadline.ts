/** The moment at which a call must have ended, in milliseconds of the monotonic clock (`Clock.monotonicMs`). */
export type DeadlineMs = number

/** A child's deadline is never later than its parent's. */
export function earlier(a: DeadlineMs, b: DeadlineMs): DeadlineMs {
  return a < b ? a : b
}
