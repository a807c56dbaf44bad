/** The middle one; of an even number the mean of both. NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  if (Number.isInteger(middle))
    return ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2
  return sorted[Math.floor(middle)] ?? Number.NaN
}

/**
 * The noise of a value that was measured several times: the median of what the measurements are away from their median, as a
 * share of it. Robust: one slow moment of the machine among five does not count. 0 where all are 0.
 */
export function relativeSpread(values: readonly number[]): number {
  const middle = median(values)
  const away = median(values.map((value) => Math.abs(value - middle)))
  if (away === 0) return 0
  return away / Math.abs(middle)
}
