/**
 * The candidates that look most like a mistyped word, best first.
 *
 * Distance is Levenshtein over lower case, with a prefix or infix match preferred; candidates further away than half of the
 * word are left out. A candidate is measured only as long as it can still be among the first `limit`.
 */
export function nearest(word: string, candidates: Iterable<string>, limit = 3): string[] {
  const wanted = word.slice(0, 128).toLowerCase()
  const best: { readonly candidate: string; readonly score: number }[] = []
  let reach = Math.max(2, wanted.length / 2)
  for (const candidate of candidates) {
    const score = distanceScore(wanted, candidate.toLowerCase(), reach)
    if (score > reach) continue
    const after = best.findIndex(
      (entry) => entry.score > score || (entry.score === score && entry.candidate > candidate),
    )
    best.splice(after < 0 ? best.length : after, 0, { candidate, score })
    if (best.length > limit) best.pop()
    if (best.length === limit) reach = Math.min(reach, best.at(-1)?.score ?? reach)
  }
  return best.map(({ candidate }) => candidate)
}

function distanceScore(wanted: string, candidate: string, reach: number): number {
  if (wanted === candidate) return 0
  if (wanted.length >= 3 && (candidate.includes(wanted) || wanted.includes(candidate))) return 1
  return levenshtein(wanted, candidate, reach)
}

/** The distance, or Infinity where it is above the reach: then rows that cannot come back into it are not computed. */
function levenshtein(a: string, b: string, reach: number): number {
  if (Math.abs(a.length - b.length) > reach) return Infinity
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  let current = previous.map(() => 0)
  for (let i = 1; i <= a.length; i++) {
    current[0] = i
    let least = i
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const distance = Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, substitution)
      current[j] = distance
      if (distance < least) least = distance
    }
    if (least > reach) return Infinity
    const spare = previous
    previous = current
    current = spare
  }
  return previous[b.length] ?? 0
}
