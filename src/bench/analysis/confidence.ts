import { createSeed } from '../worlds/seed.ts'

/** A figure and the interval that holds the true one with 95 % confidence. */
export interface Interval {
  readonly value: number
  /** Left out where a single observation says nothing of how others would be. */
  readonly low?: number
  readonly high?: number
}

const Z = 1.959964
/** Quantiles of Student's t at 97.5 %, for 1 degree of freedom and more. */
const T = [
  12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.306, 2.2622, 2.2281, 2.201, 2.1788, 2.1604,
  2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.093, 2.086,
] as const
const RESAMPLES = 4_000

/** The arithmetic mean. @throws RangeError of nothing */
export function meanOf(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('the mean of nothing is not known')
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/**
 * The mean and its interval by bootstrap: means of samples drawn from the values with replacement. The plain interval
 * is too narrow for few values, so the quantiles that are taken lie further out the fewer there are (the expanded
 * percentile interval). Even so it never leaves the range of what was seen: that of two values holds the true mean in
 * some 65 of 100 cases, that of three in 84, that of five in 93.
 *
 * @param seed of the draws: the same values give the same interval
 * @throws RangeError of nothing
 */
export function meanInterval(values: readonly number[], seed = 1): Interval {
  const value = meanOf(values)
  const count = values.length
  if (count === 1) return { value }
  const { integer } = createSeed(seed)
  const means = Array.from({ length: RESAMPLES }, () => {
    let sum = 0
    for (let drawn = 0; drawn < count; drawn += 1) sum += values[integer(0, count - 1)] ?? 0
    return sum / count
  }).sort((a, b) => a - b)
  // Beyond the table t is close enough to the first term of its expansion around the normal quantile.
  const t = T[count - 2] ?? Z + (Z ** 3 + Z) / (4 * (count - 1))
  const tail = normalBelow(-Math.sqrt(count / (count - 1)) * t)
  const cut = Math.floor(tail * RESAMPLES)
  return {
    value,
    low: Math.min(means[cut] ?? value, value),
    high: Math.max(means.at(-1 - cut) ?? value, value),
  }
}

/**
 * A success rate and its interval after Wilson, which is right for few trials and for rates of 0 and 1.
 *
 * @throws RangeError where there were no trials, or more successes than trials
 */
export function wilson(successes: number, trials: number): Interval {
  if (!(trials > 0) || successes < 0 || successes > trials)
    throw new RangeError('successes out of trials, of which there is one')
  const rate = successes / trials
  const spread = 1 + Z ** 2 / trials
  const middle = (rate + Z ** 2 / (2 * trials)) / spread
  const half = (Z / spread) * Math.sqrt((rate * (1 - rate)) / trials + Z ** 2 / (4 * trials ** 2))
  return {
    value: rate,
    low: successes === 0 ? 0 : Math.max(0, middle - half),
    high: successes === trials ? 1 : Math.min(1, middle + half),
  }
}

/** The part of a normal distribution below a quantile of 0 or less (Abramowitz and Stegun 26.2.17, to seven digits). */
function normalBelow(quantile: number): number {
  const x = -quantile
  const t = 1 / (1 + 0.2316419 * x)
  const polynomial =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  return (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * polynomial
}
