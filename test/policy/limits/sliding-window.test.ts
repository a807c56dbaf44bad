import fc from 'fast-check'
import { expect, test } from 'vitest'

import { createSlidingWindow } from '../../../src/policy/limits/sliding-window.ts'

const LENGTH_MS = 640

/** In the place of a gap: as long as is said. */
const AS_TOLD = -1

const attempts = fc.record({
  limit: fc.integer({ min: 1, max: 30 }),
  gapsMs: fc.array(
    fc.oneof(
      fc.constant(0),
      fc.constant(AS_TOLD),
      fc.integer({ min: 0, max: 30 }),
      fc.integer({ min: 0, max: 900 }),
    ),
    {
      minLength: 1,
      maxLength: 300,
    },
  ),
})

/** When something was let through, of attempts with these gaps. */
function admit(limit: number, gapsMs: readonly number[]): number[] {
  const window = createSlidingWindow(LENGTH_MS)
  const letIn: number[] = []
  let nowMs = 5
  for (const gapMs of gapsMs) {
    nowMs += gapMs === AS_TOLD ? window.waitMs(limit, nowMs) : gapMs
    if (window.waitMs(limit, nowMs) > 0) continue
    window.add(nowMs)
    letIn.push(nowMs)
  }
  return letIn
}

test('no stretch of the length of the window ever holds more than the limit', () => {
  fc.assert(
    fc.property(attempts, ({ limit, gapsMs }) => {
      const times = admit(limit, gapsMs)
      for (const [index, startMs] of times.entries()) {
        const inStretch = times.slice(index).filter((atMs) => atMs < startMs + LENGTH_MS)
        expect(inStretch.length).toBeLessThanOrEqual(limit)
      }
    }),
  )
})

test('what is refused would have been too many in a window that is longer by a 64th', () => {
  fc.assert(
    fc.property(attempts, ({ limit, gapsMs }) => {
      const window = createSlidingWindow(LENGTH_MS)
      const times: number[] = []
      let nowMs = 5
      for (const gapMs of gapsMs) {
        nowMs += Math.max(0, gapMs)
        if (window.waitMs(limit, nowMs) === 0) {
          window.add(nowMs)
          times.push(nowMs)
        } else {
          const recent = times.filter((atMs) => atMs > nowMs - LENGTH_MS - LENGTH_MS / 64)
          expect(recent.length).toBeGreaterThanOrEqual(limit)
        }
      }
    }),
  )
})

test('whoever waits as long as is said is let in, and not a moment before', () => {
  fc.assert(
    fc.property(attempts, ({ limit, gapsMs }) => {
      const window = createSlidingWindow(LENGTH_MS)
      let nowMs = 5
      for (const gapMs of gapsMs) {
        nowMs += Math.max(0, gapMs)
        const waitMs = window.waitMs(limit, nowMs)
        expect(waitMs).toBeLessThanOrEqual(LENGTH_MS)
        if (waitMs > 0) {
          expect(window.waitMs(limit, nowMs + waitMs - 1)).toBeGreaterThan(0)
          nowMs += waitMs
          expect(window.waitMs(limit, nowMs)).toBe(0)
        }
        window.add(nowMs)
      }
    }),
  )
})

test('a limit that is lowered counts what was let in before', () => {
  const window = createSlidingWindow(LENGTH_MS)
  for (const atMs of [0, 100, 200, 300]) window.add(atMs)
  expect(window.waitMs(5, 310)).toBe(0)
  expect(window.waitMs(2, 310)).toBe(200 + LENGTH_MS - 310)
  expect(window.used(310)).toBe(4)
  expect(window.used(300 + LENGTH_MS)).toBe(0)
})
