/** More patterns than a person means to write; beyond it the intersection is refused. */
const MAX_PATTERNS = 256

/**
 * The globs that together match exactly what both globs match (`*`: any run of characters, `?`: one).
 *
 * Rules know allow and deny but no "and": a server's allow list and the policy's allow list must both
 * match, so their intersection is written out as rules. Nothing where it would take too many.
 */
export function intersectGlobs(first: string, second: string): readonly string[] | undefined {
  const a = collapse(first)
  const b = collapse(second)
  const memo = new Map<number, readonly string[]>()
  let overflow = false

  const intersect = (i: number, j: number): readonly string[] => {
    const key = i * (b.length + 1) + j
    const known = memo.get(key)
    if (known !== undefined) return known
    const patterns = [...new Set(step(i, j).map(collapse))]
    if (patterns.length > MAX_PATTERNS) overflow = true
    const kept = overflow ? [] : patterns
    memo.set(key, kept)
    return kept
  }

  const step = (i: number, j: number): readonly string[] => {
    const x = a[i]
    const y = b[j]
    if (x === undefined && y === undefined) return ['']
    // A star ends, or it swallows what the other glob has next.
    if (x === '*' && y === '*') return prefix('*', [...intersect(i + 1, j), ...intersect(i, j + 1)])
    if (x === '*') return [...intersect(i + 1, j), ...(y === undefined ? [] : prefix(y, intersect(i, j + 1)))]
    if (y === '*') return [...intersect(i, j + 1), ...(x === undefined ? [] : prefix(x, intersect(i + 1, j)))]
    if (x === undefined || y === undefined) return []
    if (x === y || y === '?') return prefix(x, intersect(i + 1, j + 1))
    return x === '?' ? prefix(y, intersect(i + 1, j + 1)) : []
  }

  const patterns = intersect(0, 0)
  return overflow ? undefined : patterns
}

function prefix(character: string, patterns: readonly string[]): readonly string[] {
  return patterns.map((pattern) => character + pattern)
}

function collapse(pattern: string): string {
  return pattern.replace(/\*{2,}/g, '*')
}
