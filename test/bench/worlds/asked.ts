import type { Literal } from './literals.ts'

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]
/** Where a word begins, and where it ends. */
const BEFORE = '(?<![\\p{L}\\p{N}])'
const AFTER = '(?![\\p{L}\\p{N}])'
const SYNTAX = /[.*+?^${}()|[\]\\/]/g
const DAY_MS = 86_400_000

/** True for what the goal says, in these words or as a computer writes them. */
export function isAsked(goal: string, { text: literal, isPart }: Literal): boolean {
  const text = goal.replaceAll(/(\d),(?=\d)/g, '$1')
  return hasWords(text, { text: literal, isPart }) || isWithin(text, literal) || namesDay(text, literal)
}

/** True where all of it is there: as it is, word by word, or a path by its folder and its name. */
export function hasWords(text: string, { text: literal, isPart }: Literal): boolean {
  if (isPart) return text.toLowerCase().includes(literal.toLowerCase())
  const isThere = (words: string): boolean =>
    new RegExp(
      `${/^\w/.test(words) ? BEFORE : ''}${words.replaceAll(SYNTAX, '\\$&')}${/\w$/.test(words) ? AFTER : ''}`,
      'iu',
    ).test(text)
  const bare = literal.replace(/\/$/, '')
  const slash = bare.lastIndexOf('/')
  return (
    isThere(bare) ||
    (bare.startsWith('/') && slash > 0 && isThere(bare.slice(0, slash)) && isThere(bare.slice(slash + 1))) ||
    (literal.includes(' ') && literal.split(' ').every(isThere))
  )
}

/** True for a number of a range: "610 to 629". */
function isWithin(goal: string, literal: string): boolean {
  const ranges = [...goal.matchAll(/(\d+) to (\d+)/g)]
  return ranges.some(([, low, high]) => Number(literal) > Number(low) && Number(literal) < Number(high))
}

/**
 * True for a time as ISO 8601 writes it whose day the goal names in words: "9 to 13 March 2026". The end of a day is the beginning of the
 * next one.
 */
function namesDay(goal: string, literal: string): boolean {
  const [, month, day, time] = /^(\d{4}-\d\d)(?:-(\d\d))?(?:T(\d\d:\d\d)(?::00)?Z)?$/.exec(literal) ?? []
  if (month === undefined) return false
  if (time !== undefined && time !== '00:00' && !goal.includes(time)) return false
  const ms = Date.parse(day === undefined ? `${month}-01` : `${month}-${day}`)
  return [ms, ms - DAY_MS]
    .map((each) => new Date(each))
    .some((date) => {
      const name = `${MONTHS[date.getUTCMonth()] ?? ''} ${date.getUTCFullYear()}`
      const isWhole = day === undefined || goal.includes(`in ${name}`)
      return goal.includes(name) && (isWhole || new RegExp(`\\b${date.getUTCDate()}\\b`).test(goal))
    })
}
