import { expect, test } from 'vitest'
import { createUsage } from '../../../src/catalog/search/usage.ts'

/** What was begun is read. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('counts are read at once and then once a minute at most, and those of before serve where they cannot be read', async () => {
  let nowMs = 0
  let loads = 0
  const usage = createUsage(
    async () => {
      if (++loads === 2) throw new Error('disk')
      return new Map([['a.b', loads]])
    },
    () => nowMs,
  )
  const ref = { server: 'a', name: 'b' }
  expect(usage(ref)).toBe(0)
  await settled()
  expect([usage(ref), usage(ref), usage({ server: 'a', name: 'c' })]).toEqual([1, 1, 0])
  nowMs = 60_000
  expect([usage(ref), usage(ref), loads]).toEqual([1, 1, 2])
  await settled()
  expect([usage(ref), loads]).toEqual([1, 2])
  nowMs = 120_000
  expect(usage(ref)).toBe(1)
  await settled()
  expect(usage(ref)).toBe(3)
})
