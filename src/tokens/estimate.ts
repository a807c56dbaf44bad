import { excerptOf, readLimit, scaleTokens, type Excerpt } from './excerpt.ts'

/** An estimate may be made on the main thread, in the middle of a call: 2 or 3 milliseconds for this many characters. */
const TOTAL_CHARS = 262_144
const MAX_CHARS = 65_536

/**
 * Estimates each text, in bounded time however many and however long they are. Of each text 64 K characters are read,
 * and of all together 256 K; the rest is taken to be like what was read.
 *
 * @param estimate tokens of a text, in linear time
 */
export function estimateEach(texts: readonly Excerpt[], estimate: (text: string) => number): number[] {
  const limit = readLimit(
    texts.map(({ text }) => text.length),
    MAX_CHARS,
    TOTAL_CHARS,
  )
  return texts.map(({ text, chars }) => {
    const read = excerptOf([text], limit).text
    return scaleTokens(estimate(read), { text: read, chars })
  })
}
