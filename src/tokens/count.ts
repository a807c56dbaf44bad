import { countTokens, setMergeCacheSize } from 'gpt-tokenizer/encoding/o200k_base'

/**
 * The longest run of one kind of character that is given to the tokenizer in one piece. The tokenizer splits a text into
 * such runs and is quadratic in the length of each: 50,000 `a` would take seconds.
 */
export const MAX_RUN_CHARS = 256

/** The tokenizer's own cache of 100,000 runs takes over 200 MB, and evicting from it is slow. */
const MERGE_CACHE_RUNS = 2_000
setMergeCacheSize(MERGE_CACHE_RUNS)

/** Texts of strangers may spell special tokens, and are counted as what they are: text. */
const AS_TEXT = { disallowedSpecial: new Set<string>() }

/** Where the tokenizer cannot split: letters with their marks, signs, and space. Digits it splits into threes. */
const RUNS = /[\p{L}\p{M}]+|[^\s\p{L}\p{N}]+|\s+/gu

/**
 * Tokens of a text in o200k_base, in time linear in its length: at most about 2 seconds for a million characters.
 *
 * Runs of more than 256 letters, signs or spaces are cut, and each cut adds up to two tokens. Nothing changes in real tool
 * definitions, JSON, base64 and prose; in Chinese without any punctuation it is 0.2 % too high, in hexadecimal digits without
 * a space 0.8 %, in random letters 0.2 %.
 */
export function countText(text: string): number {
  let tokens = 0
  for (const piece of piecesOf(text)) tokens += countTokens(piece, AS_TEXT)
  return tokens
}

/** The text in pieces that have no run of more than 256 characters. Between two pieces there was one. */
export function* piecesOf(text: string): Generator<string> {
  let start = 0
  for (const { 0: run, index } of text.matchAll(RUNS)) {
    const end = index + run.length
    for (let cut = index + MAX_RUN_CHARS; cut < end; cut += MAX_RUN_CHARS) {
      if (isLowSurrogate(text.charCodeAt(cut))) cut -= 1
      yield text.slice(start, cut)
      start = cut
    }
  }
  if (start < text.length) yield text.slice(start)
}

/** Between two surrogates a cut would break one character into two that are none. */
function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff
}
