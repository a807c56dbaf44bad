import { isJsonObject, type Json } from '../../core/json.ts'

/** A number as people write it: digits, in groups or not, perhaps a fraction. Not a part of a name such as `T-42` or `v2`. */
const NUMBER =
  /(?<![\p{L}\p{N}_.,]|[\p{L}\p{N}_]-)(?<sign>-?)(?<whole>\d{1,3}(?:(?<group>[,.'’ \u00a0\u202f_])\d{3})(?:\k<group>\d{3})*|\d+)(?<fraction>[.,]\d+)?/gu
/** Two numbers beside each other look like one in groups. */
const PLAIN = /(?<![\p{L}\p{N}_.,]|[\p{L}\p{N}_]-)-?\d+(?:\.\d+)?/gu

/**
 * What the last words of a live model must have, as it answers in words of its own: of the expected answer each text and each number, in lists
 * and objects too, that the words which the task itself brings along (`say`) have. So nothing is asked for that no person would be told,
 * as the length of a text or the id of a record that has a name. True, false and null are not asked for: there are too many words for them.
 */
export function demandsOf(expected: Json, say: string): readonly (string | number)[] {
  return [...new Set(leavesOf(expected))].filter((leaf) => findMissing(say, [leaf]) === undefined)
}

/**
 * The first demand that is missing in words; undefined: none. A text must stand in them as whole words, whatever the case and the spaces; a
 * number as a number, with thousand separators or without, in either decimal notation. The rule is lenient, and the same in all modes: it
 * does not see what else is said.
 */
export function findMissing(words: string, demands: readonly (string | number)[]): string | undefined {
  const text = plain(words)
  const numbers = numbersOf(text)
  const missing = demands.find((demand) =>
    typeof demand === 'number'
      ? !numbers.some((number) => isEqual(number, demand))
      : !hasWords(text, demand, numbers),
  )
  return missing === undefined ? undefined : String(missing)
}

/** Texts and numbers. An empty text is none. */
function leavesOf(value: Json): readonly (string | number)[] {
  if (typeof value === 'number') return [value]
  if (typeof value === 'string') return plain(value) === '' ? [] : [value]
  const entries = Array.isArray(value)
    ? (value as readonly Json[])
    : isJsonObject(value)
      ? Object.values(value)
      : []
  return entries.flatMap((entry) => leavesOf(entry ?? null))
}

function hasWords(text: string, expected: string, numbers: readonly number[]): boolean {
  const words = plain(expected)
  // A number that a server gives as a text is written as a number too.
  if (/^-?\d+(?:\.\d+)?$/.test(words) && numbers.includes(Number(words))) return true
  for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1)) {
    const isWhole = !areOneWord(text.slice(0, at), words) && !areOneWord(words, text.slice(at + words.length))
    if (isWhole) return true
  }
  return false
}

/** True where a word goes on from the end of one text to the start of the next. */
function areOneWord(before: string, after: string): boolean {
  return /[\p{L}\p{N}]$/u.test(before.slice(-2)) && /^[\p{L}\p{N}]/u.test(after.slice(0, 2))
}

function numbersOf(text: string): readonly number[] {
  const numbers = [...text.matchAll(PLAIN)].map(([number]) => Number(number))
  for (const { groups = {} } of text.matchAll(NUMBER)) {
    const { sign = '', whole = '', group, fraction = '' } = groups
    const digits = group === undefined ? whole : whole.replaceAll(group, '')
    numbers.push(Number(`${sign}${digits}${fraction.replace(',', '.')}`))
    // `1.234` has a thousand in one country, and a fraction in the other.
    if (group === '.' && fraction === '') numbers.push(Number(`${sign}${whole}`))
  }
  return numbers
}

function isEqual(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b))
}

/** Without marks of Markdown, in one case, with single spaces and one kind of minus, dash and quote. */
function plain(text: string): string {
  return text
    .normalize('NFC')
    .replaceAll(/[*`]+/g, '')
    .replaceAll(/[\u2010-\u2015\u2212]/g, '-')
    .replaceAll(/[\u2018\u2019]/g, "'")
    .replaceAll(/[\u201c\u201d]/g, '"')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .toLowerCase()
}
