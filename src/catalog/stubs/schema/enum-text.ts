/** A description longer than this is left as it is: a long text does not only repeat the type. Keeps the work small, too. */
const MAX_READ = 600
const MAX_MARKS = 16

/** Words that only introduce or join a list of values. */
const FILLER = new Set(
  (
    'a an and any are as available be can choice choices choose either enum following from must of on one option options or ' +
    'possible should supported the these to allowed accepted value values valid is'
  ).split(' '),
)

/**
 * A description without the parts that do no more than repeat the values of an enum, which the type shows: `Sort order
 * (one of: "asc", "desc")`. A part goes only if it names every value and has no other word.
 */
export function withoutValues(description: string, values: readonly string[]): string {
  if (values.length === 0 || description.length > MAX_READ) return description
  const wanted = new Set(values.map(plainOf))
  const repeats = (part: string): boolean => {
    const named = new Set<string>()
    for (const word of part.split(/[\s,;|/"'`:()[\]{}=]+|[.](?=\s|$)/u)) {
      const plain = plainOf(word)
      if (wanted.has(plain)) named.add(plain)
      else if (plain !== '' && !FILLER.has(plain)) return false
    }
    return named.size === wanted.size
  }
  const plain = description.replace(/\s+/gu, ' ').trim()
  const kept = plain.replace(/ ?\([^()]*\)/gu, (group) => (repeats(group) ? '' : group))
  if (repeats(kept)) return ''
  // The list may stand at the end, after a colon, a dash, a comma or a full stop.
  for (const mark of [...kept.matchAll(/(?:[:,;.–—]| -) /gu)].slice(0, MAX_MARKS)) {
    if (repeats(kept.slice(mark.index + mark[0].length))) return kept.slice(0, mark.index)
  }
  return kept
}

function plainOf(word: string): string {
  return word.trim().toLowerCase()
}
