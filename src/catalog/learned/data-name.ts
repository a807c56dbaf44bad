/** No object with more names than this is taken for a record. */
export const MAX_NAMES = 64
/** Names that differ in their digits alone, as `item1` and `item2`: more of them are a series, not names. */
const MAX_SERIES = 8
const MAX_CHARS = 48

/** Words of letters and digits, as programmers write them. All else (spaces, dots, slashes, `@` within) is data. */
const NAME = /^[@$_]{0,2}[A-Za-z][A-Za-z0-9_$-]*$/
const LONG_NUMBER = /[0-9]{4}/
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-/i
/** At least eight hexadecimal digits, with a decimal one among them. */
const HASH = /(?:^|[^A-Za-z0-9])(?=[a-f]*[0-9])[0-9a-f]{8,}(?![A-Za-z0-9])/i
/** `U024BE7LH`: an identifier that a machine made. */
const MIXED = /[0-9][A-Za-z]+[0-9]+[A-Za-z]/
/** A short number of its own at the end, as in `user_417`. */
const NUMBERED = /[_-][0-9]{3,}$/

/**
 * True where the name of a member looks like a value that stands in the place of a name: a number, a date, a path, an
 * address, a hash, an id, a text. Such a name may belong to a person, and is never kept. Linear in a bounded length.
 */
export function isDataName(name: string): boolean {
  if (name.length > MAX_CHARS || !NAME.test(name) || name === '__proto__') return true
  return [LONG_NUMBER, UUID, HASH, MIXED, NUMBERED].some((pattern) => pattern.test(name))
}

/**
 * True where an object with these names is a map. Whatever is added to such names leaves it one: merging in another
 * order must not give another shape.
 */
export function isMapOfNames(names: readonly string[]): boolean {
  if (names.length > MAX_NAMES || names.some(isDataName)) return true
  const series = new Map<string, number>()
  for (const name of names) {
    const stem = name.replace(/[0-9]+/g, '#')
    if (stem === name) continue
    const size = (series.get(stem) ?? 0) + 1
    if (size > MAX_SERIES) return true
    series.set(stem, size)
  }
  return false
}
