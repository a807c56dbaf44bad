/**
 * The beginning of a text, and the length of the whole. What is known of the beginning is taken to hold for the rest:
 * that bounds the work which a long text can make.
 */
export interface Excerpt {
  readonly text: string
  /** Length of the whole text, UTF-16 units. Never less than that of `text`. */
  readonly chars: number
}

/**
 * The first `maxChars` of a text that is given in parts. Where something is cut, the rest is copied: a slice would keep the
 * whole text in memory for as long as the excerpt lives.
 */
export function excerptOf(parts: readonly string[], maxChars: number): Excerpt {
  const chars = parts.reduce((sum, { length }) => sum + length, 0)
  if (chars <= maxChars) return Object.freeze({ text: parts.join(''), chars })
  const kept: string[] = []
  let leftChars = maxChars
  for (const part of parts) {
    if (leftChars <= 0) break
    kept.push(part.slice(0, leftChars))
    leftChars -= part.length
  }
  return Object.freeze({ text: Buffer.from(kept.join('')).toString(), chars })
}

/** The tokens of the whole text, from those of its beginning. An integer. */
export function scaleTokens(tokens: number, { text, chars }: Excerpt): number {
  return text === '' ? 0 : Math.ceil((tokens * chars) / text.length)
}

/**
 * How many characters of each text may be read so that no more than `totalChars` are read of all: short texts are read
 * whole, and what they leave is shared by the long ones. At least 1, at most `maxChars`.
 */
export function readLimit(lengths: readonly number[], maxChars: number, totalChars: number): number {
  const ascending = [...lengths].sort((a, b) => a - b)
  let leftChars = totalChars
  for (const [index, length] of ascending.entries()) {
    const share = Math.floor(leftChars / (ascending.length - index))
    if (share >= maxChars) return maxChars
    if (length > share) return Math.max(share, 1)
    leftChars -= length
  }
  return maxChars
}
