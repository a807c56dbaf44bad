import { stemmer } from 'stemmer'

/** Function words of English, which say nothing about a tool. */
const STOP_WORDS = new Set(
  (
    'a an and any are as at be been but by can could did do does for from had has have he her his how i if in into is it its ' +
    'let like may me might more most my no not of on or our out please shall she should so some such than that the their them ' +
    'then there these they this those to too up us use used using very via want was we were what when where which while who ' +
    'will with would you your need needs also each just about'
  ).split(' '),
)

/** A word longer than this is data, not language; it also bounds what the stemmer is given. */
const WORD_MAX = 40

/** Turns text into index terms. */
export type Tokenizer = (text: string) => string[]

/**
 * Makes a tokenizer: identifiers are split (camelCase, snake_case, kebab-case, acronyms, digits), words lower-cased and
 * stemmed, stop words dropped, scripts without spaces cut into pairs of characters. It remembers stems, so make one for each index or query.
 */
export function createTokenizer(): Tokenizer {
  const stems = new Map<string, string>()
  const stem = (word: string): string => {
    let known = stems.get(word)
    if (known === undefined) stems.set(word, (known = stemmer(word)))
    return known
  }
  return (text) => {
    const terms: string[] = []
    for (const [chunk] of text.normalize('NFKC').matchAll(/[\p{L}\p{N}\p{M}]+/gu)) {
      if (/[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]/u.test(chunk)) pairs(chunk, terms)
      else
        for (const word of words(chunk))
          if (!STOP_WORDS.has(word) && word.length <= WORD_MAX) terms.push(stem(word))
    }
    return terms
  }
}

/** The parts of an identifier, and the whole where it has parts: `GitHub` is asked for as `github`. */
function words(chunk: string): string[] {
  const whole = chunk.toLowerCase()
  if (whole === chunk && !/\p{N}/u.test(chunk)) return [whole]
  const parts = chunk.match(/\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{Lo}\p{M}]+|\p{N}+|\p{L}+/gu) ?? [chunk]
  if (parts.length === 1) return [whole]
  const own = parts.map((part) => part.toLowerCase())
  return own.length <= 3 ? [...own, whole] : own
}

function pairs(chunk: string, terms: string[]): void {
  const chars = Array.from(chunk.toLowerCase()).slice(0, 2000)
  if (chars.length === 1) terms.push(chunk.toLowerCase())
  for (let i = 0; i + 1 < chars.length; i++) terms.push(`${chars[i]}${chars[i + 1]}`)
}
