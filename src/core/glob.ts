/**
 * True where `text` matches the glob: `*` stands for any run of characters (dots too), `?` for one. Linear in the
 * text for each star, without regular expressions: patterns come from a file and texts from strangers.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  let p = 0
  let t = 0
  let starAt = -1
  let resumeAt = 0
  while (t < text.length) {
    if (pattern[p] === '*') {
      starAt = p
      resumeAt = t
      p += 1
    } else if (pattern[p] === '?' || pattern[p] === text[t]) {
      p += 1
      t += 1
    } else if (starAt >= 0) {
      p = starAt + 1
      resumeAt += 1
      t = resumeAt
    } else {
      return false
    }
  }
  while (pattern[p] === '*') p += 1
  return p === pattern.length
}
