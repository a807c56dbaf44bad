import type { Caching, Point, Pricing } from '../points.ts'

/**
 * Round list prices of a mid-sized model of 2026, in dollars for a million tokens. All settable: only their ratios
 * shape a comparison.
 */
export const DEFAULT_PRICING: Pricing = {
  input: 3,
  output: 15,
  cacheRead: 0.3,
  cacheWrite: 3.75,
  cacheMinTokens: 1_024,
}

/**
 * How much of the input of each turn a provider has in its cache: what the turn before sent, or, in a warm cache, what
 * precedes the words of the person. A beginning of fewer tokens than `minTokens` is not cached.
 */
export function cachedInputsOf(point: Point, caching: Caching, minTokens: number): readonly number[] {
  const head = point.head.definitions + point.head.instructions
  const warm = caching === 'warm' && head >= minTokens ? head : 0
  return point.turns.map((turn, at) => {
    if (caching === 'none') return 0
    const before = point.turns[at - 1]?.input ?? 0
    return Math.min(turn.input, Math.max(warm, before >= minTokens ? before : 0))
  })
}

/**
 * What a point costs, in dollars. Without caching all input has the same price. With it, each turn reads what is cached
 * and writes the rest of its input into the cache, for a higher price, where its input is long enough to be cached.
 */
export function costOf(point: Point, pricing: Pricing, caching: Caching): number {
  const cached = cachedInputsOf(point, caching, pricing.cacheMinTokens)
  let [plain, read, written, output] = [0, 0, 0, 0]
  for (const [at, turn] of point.turns.entries()) {
    const found = cached[at] ?? 0
    const isWritten = caching !== 'none' && turn.input >= pricing.cacheMinTokens
    read += found
    if (isWritten) written += turn.input - found
    else plain += turn.input - found
    output += turn.output
  }
  const millionths =
    plain * pricing.input + read * pricing.cacheRead + written * pricing.cacheWrite + output * pricing.output
  return millionths / 1_000_000
}
