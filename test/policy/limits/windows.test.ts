import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { calendarWindow, createForwardTime, NEVER_MS } from '../../../src/policy/limits/budgets/windows.ts'

const at = (text: string): number => Date.parse(text)
const PERS = ['minute', 'hour', 'day', 'week', 'month', 'total'] as const

describe('a window of the calendar', () => {
  test.each([
    ['minute', '2026-11-22T18:56:00Z', '2026-11-22T18:57:00Z'],
    ['hour', '2026-11-22T18:00:00Z', '2026-11-22T19:00:00Z'],
    ['day', '2026-11-22T00:00:00Z', '2026-11-23T00:00:00Z'],
    ['week', '2026-11-16T00:00:00Z', '2026-11-23T00:00:00Z'],
    ['month', '2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z'],
  ] as const)('of a %s', (per, start, end) => {
    expect(calendarWindow(per, at('2026-11-22T18:56:26.123Z'))).toEqual({
      startMs: at(start),
      endsAtMs: at(end),
    })
  })

  test('of a February in a leap year, and over the end of a year', () => {
    expect(calendarWindow('month', at('2028-02-29T23:59:59Z'))).toEqual({
      startMs: at('2028-02-01'),
      endsAtMs: at('2028-03-01'),
    })
    expect(calendarWindow('month', at('2026-12-31T23:59:59Z')).endsAtMs).toBe(at('2027-01-01'))
  })

  test('begins on a Monday where it is a week', () => {
    expect(calendarWindow('week', at('2026-11-23T00:00:00Z')).startMs).toBe(at('2026-11-23T00:00:00Z'))
    expect(calendarWindow('week', at('2026-11-22T23:59:59.999Z')).startMs).toBe(at('2026-11-16T00:00:00Z'))
  })

  test('follows the one before without a gap, whatever the moment', () => {
    const moments = fc.integer({ min: 0, max: at('2100-01-01') })
    fc.assert(
      fc.property(moments, fc.constantFrom(...PERS), (nowMs, per) => {
        const { startMs, endsAtMs } = calendarWindow(per, nowMs)
        expect(startMs).toBeLessThanOrEqual(nowMs)
        expect(endsAtMs).toBeGreaterThan(nowMs)
        expect(calendarWindow(per, endsAtMs - 1)).toEqual({ startMs, endsAtMs })
        if (per === 'total') expect(endsAtMs).toBe(NEVER_MS)
        else expect(calendarWindow(per, endsAtMs).startMs).toBe(endsAtMs)
      }),
    )
  })
})

test('time never goes back and never stands, however the clock of the machine is set', () => {
  const steps = fc.array(
    fc.record({ passedMs: fc.integer({ min: 0, max: 5_000 }), setMs: fc.integer({ min: -1e8, max: 1e8 }) }),
    { maxLength: 50 },
  )
  fc.assert(
    fc.property(steps, (moves) => {
      let [wallMs, monotonicMs] = [1_700_000_000_000, 0]
      const now = createForwardTime({ nowMs: () => wallMs, monotonicMs: () => monotonicMs })
      let before = now()
      for (const { passedMs, setMs } of moves) {
        wallMs += passedMs + setMs
        monotonicMs += passedMs
        const after = now()
        expect(after).toBeGreaterThanOrEqual(before + passedMs)
        expect(after).toBeGreaterThanOrEqual(wallMs)
        // It runs ahead only where the clock went ahead.
        if (setMs <= 0) expect(after).toBe(before + passedMs)
        before = after
      }
    }),
  )
})
