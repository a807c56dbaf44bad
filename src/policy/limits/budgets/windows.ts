import type { Budget } from '../../../core/limits.ts'
import type { Clock } from '../../../core/ports.ts'

/** A stretch of time in which a budget holds. The end is no part of it. Milliseconds since the epoch. */
export interface BudgetWindow {
  readonly startMs: number
  readonly endsAtMs: number
}

/** The last moment that a date can show: the end of windows that never end. Source: ECMA-262, "Time Values and Time Range". */
export const NEVER_MS = 8_640_000_000_000_000

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const WEEK_MS = 7 * DAY_MS
/** The epoch began on a Thursday. */
const FIRST_MONDAY_MS = 4 * DAY_MS

const LENGTHS_MS: Readonly<Record<Budget['per'], number>> = {
  minute: MINUTE_MS,
  hour: HOUR_MS,
  day: DAY_MS,
  week: WEEK_MS,
  month: 30 * DAY_MS,
  total: NEVER_MS,
}

/** How long a window is that begins with the first use, milliseconds. A month has 30 days there. */
export function lengthMsOf(per: Budget['per']): number {
  return LENGTHS_MS[per]
}

/** The window of the calendar, in UTC, that a moment lies in. Weeks begin on Monday (ISO 8601). */
export function calendarWindow(per: Budget['per'], nowMs: number): BudgetWindow {
  if (per === 'total') return { startMs: 0, endsAtMs: NEVER_MS }
  if (per === 'month') {
    const now = new Date(nowMs)
    const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()]
    return { startMs: Date.UTC(year, month), endsAtMs: Date.UTC(year, month + 1) }
  }
  const lengthMs = LENGTHS_MS[per]
  const offsetMs = per === 'week' ? FIRST_MONDAY_MS : 0
  const startMs = Math.floor((nowMs - offsetMs) / lengthMs) * lengthMs + offsetMs
  return { startMs, endsAtMs: startMs + lengthMs }
}

/**
 * The wall clock as it may be used to tell windows apart: milliseconds since the epoch, and never backwards. While the clock of the machine is set
 * back, time goes on here at the pace of the monotonic clock, so that no window opens a second time and none becomes longer than it is.
 */
export function createForwardTime(clock: Clock): () => number {
  let nowMs = clock.nowMs()
  let readAtMs = clock.monotonicMs()
  return () => {
    const monotonicMs = clock.monotonicMs()
    nowMs = Math.max(clock.nowMs(), nowMs + Math.max(0, monotonicMs - readAtMs))
    readAtMs = monotonicMs
    return nowMs
  }
}
