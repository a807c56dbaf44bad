import { randomBytes } from 'node:crypto'

import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { systemClock } from '../../../../src/assemble.ts'
import { holdClaim } from '../../../../src/scripts/run/suspended/held-claim.ts'
import { openStore } from '../../../../src/store/store.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function open() {
  const clock = { nowMs: Date.now, monotonicMs: systemClock.monotonicMs }
  const store = openStore({ clock, random: randomBytes })
  store.runs.save({ id: 'r', owner: 'ada', code: '', options: {}, record: {}, reasons: [] })
  const claim = store.runs.claim('ada', 'r', Date.now() + 60_000)
  if (claim === undefined) expect.fail('The run cannot be claimed.')
  return { store, held: holdClaim(store.runs, claim, clock, new AbortController().signal) }
}

test('a claim is held for as long as the work takes', () => {
  const { store, held } = open()
  vi.advanceTimersByTime(600_000)
  expect(store.runs.claim('ada', 'r', Date.now() + 1)).toBeUndefined()
  expect(held.signal.aborted).toBe(false)
  held.release()
  expect(store.runs.claim('ada', 'r', Date.now() + 1)).toBeDefined()
  store.close()
})

test('a claim that was lost ends the work', () => {
  const { store, held } = open()
  store.runs.remove('ada', 'r')
  vi.advanceTimersByTime(20_000)
  expect(held.signal.aborted).toBe(true)
  held.release()
  store.close()
})

test('a store that fails brings nothing down', () => {
  const { store, held } = open()
  store.close()
  vi.advanceTimersByTime(60_000)
  expect(held.signal.aborted).toBe(false)
  held.finish()
  held.release()
})
