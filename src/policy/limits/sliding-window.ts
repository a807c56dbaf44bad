/** Counts what happens, so that no stretch of its length ever holds more than is allowed. */
export interface SlidingWindow {
  /**
   * How long until one more fits, milliseconds; 0 where it does now.
   *
   * @param limit at most so many in any stretch of the window's length
   */
  readonly waitMs: (limit: number, nowMs: number) => number
  readonly add: (nowMs: number) => void
  readonly used: (nowMs: number) => number
}

/** What is closer together than this part of the window is remembered as one, and forgotten with the last of it. */
const PARTS = 64

interface Slice {
  readonly firstMs: number
  lastMs: number
  count: number
}

/**
 * A window that slides, in constant memory. Nothing is forgotten too early; a crowd is forgotten up to a 64th of the window too late.
 *
 * @param lengthMs times are those of a monotonic clock
 */
export function createSlidingWindow(lengthMs: number): SlidingWindow {
  const slices: Slice[] = []
  let used = 0

  const forget = (nowMs: number): void => {
    for (
      let oldest = slices[0];
      oldest !== undefined && oldest.lastMs + lengthMs <= nowMs;
      oldest = slices[0]
    ) {
      used -= oldest.count
      slices.shift()
    }
  }

  return {
    waitMs(limit, nowMs) {
      forget(nowMs)
      let tooMany = used - limit + 1
      if (tooMany <= 0) return 0
      for (const { lastMs, count } of slices) {
        tooMany -= count
        if (tooMany <= 0) return lastMs + lengthMs - nowMs
      }
      return lengthMs
    },
    add(nowMs) {
      used += 1
      const newest = slices.at(-1)
      if (newest !== undefined && nowMs - newest.firstMs < lengthMs / PARTS) {
        newest.count += 1
        newest.lastMs = nowMs
      } else {
        slices.push({ firstMs: nowMs, lastMs: nowMs, count: 1 })
      }
    },
    used(nowMs) {
      forget(nowMs)
      return used
    },
  }
}
