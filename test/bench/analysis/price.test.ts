import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cachedInputsOf, costOf, DEFAULT_PRICING } from '../../../src/bench/analysis/price.ts'
import { CACHINGS } from '../../../src/bench/points.ts'
import { conversations, pointOf, sends } from './made-up.ts'

const point = pointOf({
  head: { definitions: 1_900, instructions: 100 },
  turns: [
    { input: 2_100, output: 50 },
    { input: 2_500, output: 20 },
    { input: 2_600, output: 30 },
  ],
})

describe('what is cached', () => {
  test('nothing without caching, else what the turn before sent, and in a warm cache the head', () => {
    expect(cachedInputsOf(point, 'none', 1_024)).toEqual([0, 0, 0])
    expect(cachedInputsOf(point, 'cold', 1_024)).toEqual([0, 2_100, 2_500])
    expect(cachedInputsOf(point, 'warm', 1_024)).toEqual([2_000, 2_100, 2_500])
  })

  test('only what is long enough', () => {
    expect(cachedInputsOf(point, 'warm', 2_000)).toEqual([2_000, 2_100, 2_500])
    expect(cachedInputsOf(point, 'warm', 2_001)).toEqual([0, 2_100, 2_500])
    expect(cachedInputsOf(point, 'cold', 2_100)).toEqual([0, 2_100, 2_500])
    expect(cachedInputsOf(point, 'cold', 2_101)).toEqual([0, 0, 2_500])
  })

  test('is never more than what is sent', () => {
    const shrunk = pointOf({ turns: [...sends(5_000), ...sends(2_000)] })
    expect(cachedInputsOf(shrunk, 'cold', 1_024)).toEqual([0, 2_000])
  })
})

describe('cost', () => {
  test('is what a bill would say', () => {
    const output = 100 * 15
    expect(costOf(point, DEFAULT_PRICING, 'none')).toBeCloseTo((7_200 * 3 + output) / 1e6, 12)
    expect(costOf(point, DEFAULT_PRICING, 'cold')).toBeCloseTo(
      ((2_100 + 400 + 100) * 3.75 + 4_600 * 0.3 + output) / 1e6,
      12,
    )
    expect(costOf(point, DEFAULT_PRICING, 'warm')).toBeCloseTo(
      ((100 + 400 + 100) * 3.75 + 6_600 * 0.3 + output) / 1e6,
      12,
    )
  })

  test('has no surcharge for what is too short to be cached', () => {
    const short = pointOf({ turns: [...sends(1_023, 5), ...sends(1_024)] })
    expect(costOf(short, DEFAULT_PRICING, 'cold')).toBeCloseTo((1_023 * 3 + 1_024 * 3.75 + 5 * 15) / 1e6, 12)
  })

  test('is the same however it is cached where all prices are the same, or all is short', () => {
    const flat = { input: 2, output: 2, cacheRead: 2, cacheWrite: 2, cacheMinTokens: 1_024 }
    fc.assert(
      fc.property(conversations, fc.constantFrom(...CACHINGS), (some, caching) => {
        const tokens = some.turns.reduce((sum, turn) => sum + turn.input + turn.output, 0)
        expect(costOf(some, flat, caching)).toBeCloseTo((tokens * 2) / 1e6, 9)
        const short = { ...DEFAULT_PRICING, cacheMinTokens: 1e9 }
        expect(costOf(some, short, caching)).toBe(costOf(some, short, 'none'))
      }),
    )
  })

  test('a warm cache is never dearer than a cold one, nor a cold one than none where writing has no surcharge', () => {
    fc.assert(
      fc.property(conversations, (some) => {
        expect(costOf(some, DEFAULT_PRICING, 'warm')).toBeLessThanOrEqual(
          costOf(some, DEFAULT_PRICING, 'cold') + 1e-12,
        )
        const free = { ...DEFAULT_PRICING, cacheWrite: DEFAULT_PRICING.input }
        expect(costOf(some, free, 'cold')).toBeLessThanOrEqual(costOf(some, free, 'none') + 1e-12)
      }),
    )
  })
})
