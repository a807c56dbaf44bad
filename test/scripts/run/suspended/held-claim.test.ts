import { randomBytes } from 'node:crypto'

import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { systemClock } from '../../../../src/assemble.ts'
import { holdClaim } from '../../../../src/scripts/run/suspended/held-claim.ts'
import { openStore } from '../../../../src/store/store.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

async function open() {
  const clock = { nowMs: Date.now, monotonicMs: systemClock.monotonicMs }
  const store = await openStore({ clock, random: randomBytes })
  await store.runs.save({ id: 'r', owner: 'ada', code: '', options: {}, record: {}, reasons: [] })
  const claim = await store.runs.claim('ada', 'r', Date.now() + 60_000)
  if (claim === undefined) expect.fail('The run cannot be claimed.')
  const lost = vi.fn<() => void>()
  return { store, held: holdClaim(store.runs, claim, clock, lost), lost }
}

test('a claim is held for as long as the work takes', async () => {
  const { store, held, lost } = await open()
  await vi.advanceTimersByTimeAsync(600_000)
  expect(await store.runs.claim('ada', 'r', Date.now() + 1)).toBeUndefined()
  expect(lost).not.toHaveBeenCalled()
  await held.release()
  expect(await store.runs.claim('ada', 'r', Date.now() + 1)).toBeDefined()
  await store.close()
})

test('a claim that was lost ends the work', async () => {
  const { store, held, lost } = await open()
  await store.runs.remove('ada', 'r')
  await vi.advanceTimersByTimeAsync(20_000)
  expect(lost).toHaveBeenCalled()
  await held.release()
  await store.close()
})

test('a store that fails brings nothing down', async () => {
  const { store, held, lost } = await open()
  await store.close()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(lost).not.toHaveBeenCalled()
  await held.finish()
  await held.release()
})
