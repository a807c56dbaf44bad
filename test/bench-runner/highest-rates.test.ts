import { expect, test } from 'vitest'

import { findHighestRates } from '../../bench/load/highest-rates.ts'

const SETTINGS = { startPerSecond: 1_000, resolution: 1.05, maxProbes: 60 }

/** A server that answers in 1 ms, slower the nearer its load is to what it can do. */
function serverOf(capacity: number) {
  const tried: number[] = []
  const probe = (perSecond: number): Promise<number> => {
    tried.push(perSecond)
    return Promise.resolve(perSecond >= capacity ? Infinity : 1 / (1 - perSecond / capacity))
  }
  return { tried, probe }
}

test.each([150, 1_000, 7_300])(
  'finds what a server of %i a second can do within each limit',
  async (capacity) => {
    const { probe } = serverOf(capacity)
    const found = await findHighestRates(probe, [2, 10, 100], SETTINGS)
    const exact = [2, 10, 100].map((limitMs) => capacity * (1 - 1 / limitMs))
    for (const [at, rate] of found.entries()) {
      expect(rate).toBeLessThanOrEqual(exact[at] ?? 0)
      expect(rate).toBeGreaterThan((exact[at] ?? 0) / 1.06)
    }
  },
)

test('what is known of a rate counts for all limits', async () => {
  const { probe, tried } = serverOf(5_000)
  await findHighestRates(probe, [5, 10, 50, 100], SETTINGS)
  const alone = serverOf(5_000)
  for (const limitMs of [5, 10, 50, 100]) await findHighestRates(alone.probe, [limitMs], SETTINGS)
  expect(tried.length).toBeLessThan(alone.tried.length / 1.5)
})

test('one bad moment does not make a rate too high', async () => {
  const { probe } = serverOf(5_000)
  let count = 0
  const disturbed = (perSecond: number): Promise<number> =>
    count++ % 5 === 1 ? Promise.resolve(900) : probe(perSecond)
  expect(await findHighestRates(disturbed, [10], SETTINGS)).toEqual(
    await findHighestRates(probe, [10], SETTINGS),
  )
})

test('the count of probes is bounded for all limits together', async () => {
  const { probe, tried } = serverOf(1e9)
  await findHighestRates(probe, [1, 5, 10], { ...SETTINGS, maxProbes: 6 })
  expect(tried.length).toBeLessThanOrEqual(7)
})

test('a server that is always too slow can do nothing, and that is found out soon', async () => {
  const { tried, probe } = serverOf(0)
  expect(await findHighestRates(probe, [1, 100], SETTINGS)).toEqual([0, 0])
  expect(tried.length).toBeLessThan(20)
})

test('it ends when the time is up, with what is known by then', async () => {
  const { tried, probe } = serverOf(1e9)
  const found = await findHighestRates(probe, [10], { ...SETTINGS, hasTime: () => tried.length < 3 })
  expect(tried).toEqual([1_000, 2_000, 4_000])
  expect(found).toEqual([4_000])
})
