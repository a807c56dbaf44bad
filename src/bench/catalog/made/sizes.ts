/**
 * Tokens of real definitions (o200k_base, name, description and input schema as JSON): the share of tools below, and the tokens.
 * Between two of these it is interpolated on a logarithmic scale.
 */
const QUANTILES: readonly (readonly [share: number, tokens: number])[] = [
  [0, 22],
  [0.05, 34],
  [0.1, 43],
  [0.25, 63],
  [0.5, 95],
  [0.75, 150],
  [0.9, 255],
  [0.95, 382],
  [0.99, 870],
  [1, 4_000],
]

/** The size of a definition, in tokens, that so large a share of tools is below. */
function sizeAt(share: number): number {
  const above = QUANTILES.findIndex(([limit]) => limit >= share)
  const [toShare, toSize] = QUANTILES[Math.max(above, 1)] ?? [1, 1]
  const [fromShare, fromSize] = QUANTILES[Math.max(above, 1) - 1] ?? [0, 1]
  const way = (share - fromShare) / (toShare - fromShare)
  return fromSize * (toSize / fromSize) ** way
}

/**
 * A size for each of the scores: the larger the score, the larger the size. Together they follow the distribution, so a catalog
 * that is made of such groups does, however many it takes.
 *
 * @param offset Of 0 to 1. It should differ from group to group: then all groups together reach what is rarer than one in a group.
 */
export function sizesFor(scores: readonly number[], offset: number): readonly number[] {
  const sizes = scores.map(() => 0)
  const order = scores.map((score, index) => ({ score, index })).sort((a, b) => a.score - b.score)
  for (const [rank, { index }] of order.entries()) sizes[index] = sizeAt((rank + offset) / scores.length)
  return sizes
}

/** A run of letters is a token, longer words are two; digits by threes; signs in pairs. */
const PIECES = /[A-Za-z]{1,11}|\d{1,3}|[^\sA-Za-z\d]{1,3}/g

/** About how many tokens a text has. Good for building: what is promised is counted by a tokenizer, in a test. */
export function roughTokens(text: string): number {
  return text.match(PIECES)?.length ?? 0
}
