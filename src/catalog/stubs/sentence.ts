import { stemmer } from 'stemmer'

import { estimateTokens } from '../tokens.ts'
import { firstSentence } from './text.ts'

const MAX_CHARS = 60
/** A longer word is data, not language. */
const WORD_MAX = 40

const EMPTY_WORDS = new Set(
  (
    'a all an and any are as at be by for from given in is it its of on or return returns specific specified that the this to use ' +
    'useful using when with you your'
  ).split(' '),
)

/** A word, or a pair of characters in scripts that put no spaces between words. */
const WORD = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]{1,2}|[\p{L}\p{N}]+/gu

/**
 * The first sentence of a description in about `roomTokens`. One that must be cut is left out where the part adds less than
 * two words to what is `known` of the tool: "Returns a…" helps nobody, nor does "Get the weather of…" behind `get_weather`.
 */
export function tellSentence(description: string, known: string, roomTokens: number): string {
  const whole = firstSentence(description, MAX_CHARS)
  const tokens = estimateTokens(whole)
  if (tokens <= roomTokens) return whole
  const part = firstSentence(description, Math.floor((whole.length * Math.max(roomTokens, 1)) / tokens))
  return countNewWords(part, known) < 2 ? '' : part
}

function countNewWords(sentence: string, known: string): number {
  const names = wordsOf(known.replace(/([a-z])(?=[A-Z])/g, '$1 '))
  return wordsOf(sentence).filter((word) => {
    // Words with one stem begin alike: most need no stemmer.
    const start = word.slice(0, 2)
    return !EMPTY_WORDS.has(word) && !names.some((name) => name.startsWith(start) && isSameWord(name, word))
  }).length
}

function isSameWord(one: string, other: string): boolean {
  if (one === other) return true
  return one.length <= WORD_MAX && other.length <= WORD_MAX && stemmer(one) === stemmer(other)
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(WORD) ?? []
}
