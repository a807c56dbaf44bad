import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { meanInterval, meanOf, wilson } from '../../../src/bench/analysis/confidence.ts'
import { createSeed } from '../../../src/bench/worlds/seed.ts'

describe('the interval of a mean', () => {
  test('holds the mean, lies within what was seen, and is the same each time', () => {
    const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 20 })
    fc.assert(
      fc.property(values, fc.integer(), (some, seed) => {
        const interval = meanInterval(some, seed)
        expect(interval).toEqual(meanInterval(some, seed))
        const [low = Number.NaN, high = Number.NaN] = [interval.low, interval.high]
        expect(interval.value).toBe(meanOf(some))
        expect(low).toBeLessThanOrEqual(interval.value)
        expect(high).toBeGreaterThanOrEqual(interval.value)
        expect(low).toBeGreaterThanOrEqual(Math.min(...some) - 1e-6)
        expect(high).toBeLessThanOrEqual(Math.max(...some) + 1e-6)
      }),
      { numRuns: 40 },
    )
  })

  test('of one value is not known, of equal values is a point, of none is an error', () => {
    expect(meanInterval([7])).toEqual({ value: 7 })
    expect(meanInterval([7, 7, 7])).toEqual({ value: 7, low: 7, high: 7 })
    expect(() => meanInterval([])).toThrow(RangeError)
  })

  test('becomes narrower with more of the same', () => {
    const width = (values: readonly number[]): number => {
      const { low = 0, high = 0 } = meanInterval(values)
      return high - low
    }
    const few = [1, 2, 3, 4, 5]
    const many = Array.from({ length: 20 }, () => few).flat()
    expect(width(many)).toBeLessThan(width(few) / 3)
    // Of a hundred values as good as that of the normal distribution.
    const deviation = Math.sqrt(2 / 99)
    expect(width(many)).toBeGreaterThan(2 * 1.8 * deviation * Math.sqrt(0.99))
    expect(width(many)).toBeLessThan(2 * 2.15 * deviation)
  })

  test('is wider for few values than quantiles of the draws alone would be', () => {
    // Quantiles at 2.5 and 97.5 % are 1.8 and 4.2; the interval by Student's t is 1.04 to 4.96.
    const { low = 0, high = 9 } = meanInterval([1, 2, 3, 4, 5])
    expect(low).toBeLessThan(1.4)
    expect(high).toBeGreaterThan(4.6)
  })

  test.each([
    [5, 0.9],
    [10, 0.92],
    [20, 0.92],
  ])('of %d values holds the true mean nearly as often as it says', (count, atLeast) => {
    const { integer } = createSeed(42)
    // Sums of dice: 7 in the mean, and bell-shaped.
    const roll = (): number => integer(1, 6) + integer(1, 6)
    const trials = Array.from({ length: 300 }, (_, trial) => {
      const { low = Infinity, high = -Infinity } = meanInterval(Array.from({ length: count }, roll), trial)
      return low <= 7 && 7 <= high
    })
    const rate = trials.filter(Boolean).length / trials.length
    expect(rate).toBeGreaterThanOrEqual(atLeast)
    expect(rate).toBeLessThan(1)
  })
})

describe('the interval of a rate', () => {
  test.each([
    [8, 10, 0.4902, 0.9433],
    [0, 10, 0, 0.2775],
    [10, 10, 0.7225, 1],
    [1, 1, 0.2065, 1],
    [50, 100, 0.4038, 0.5962],
  ])('%d of %d', (successes, trials, low, high) => {
    const interval = wilson(successes, trials)
    expect(interval.value).toBe(successes / trials)
    expect(interval.low).toBeCloseTo(low, 4)
    expect(interval.high).toBeCloseTo(high, 4)
  })

  test('holds the rate, and mirrors that of the failures', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.nat(500), (trials, some) => {
        const successes = Math.min(some, trials)
        const { value, low = 1, high = 0 } = wilson(successes, trials)
        expect(low).toBeLessThanOrEqual(value)
        expect(high).toBeGreaterThanOrEqual(value)
        expect(low).toBeGreaterThanOrEqual(0)
        expect(high).toBeLessThanOrEqual(1)
        expect(wilson(trials - successes, trials).high).toBeCloseTo(1 - low, 12)
      }),
    )
  })

  test('is none without trials', () => {
    expect(() => wilson(0, 0)).toThrow(RangeError)
    expect(() => wilson(3, 2)).toThrow(RangeError)
    expect(() => wilson(-1, 2)).toThrow(RangeError)
  })
})
