import fc from 'fast-check'
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import { describe, expect, test } from 'vitest'

import { countText, MAX_RUN_CHARS, piecesOf } from '../../src/tokens/count.ts'
import { HAS_SHARED_DATA, readRecords, SKIPPED } from '../catalog/shared-data.ts'
import { CHINESE, HAN, LETTERS, randomText } from './texts.ts'

const BYTES = Buffer.from(randomText([...LETTERS, ...LETTERS.map((each) => each.toUpperCase())], 15_000))

/** What the tokenizer itself counts, which is quadratic: for short texts. */
function exact(text: string): number {
  return countTokens(text, { disallowedSpecial: new Set<string>() })
}

test.each([
  ['nothing', '', 0],
  ['words', 'one two three', 3],
  ['a special token', '<|endoftext|>', exact('<|endoftext|>')],
])('%s', (_, text, tokens) => {
  expect(countText(text)).toBe(tokens)
})

test('a special token in a text is text and not one token', () => {
  expect(countText('a <|endoftext|> b')).toBeGreaterThan(5)
})

describe('long runs are counted within one per cent', () => {
  test.each([
    ['Chinese without signs', CHINESE.repeat(60)],
    ['rare Chinese characters', randomText(HAN, 4_000)],
    ['base64', BYTES.toString('base64')],
    ['hexadecimal digits', BYTES.toString('hex').slice(0, 16_000)],
    ['one letter', 'a'.repeat(8_000)],
    ['random letters', randomText(LETTERS, 8_000)],
    ['signs', randomText('{}[]()<>.,;:!?'.split(''), 8_000)],
    ['spaces', `${' '.repeat(8_000)}x`],
    ['emoji', '😀🎉🚀👍🏽'.repeat(500)],
  ])('%s', (_, text) => {
    const real = exact(text)
    expect(Math.abs(countText(text) - real) / real).toBeLessThanOrEqual(0.01)
  })
})

describe.skipIf(!HAS_SHARED_DATA)(`real tools${SKIPPED}`, () => {
  test('are counted as the tokenizer counts them', () => {
    const texts = readRecords('tools.json')
      .slice(0, 1_500)
      .map((record) => JSON.stringify(record))
    const sum = (count: (text: string) => number): number =>
      texts.reduce((tokens, text) => tokens + count(text), 0)
    const real = sum(exact)
    expect(Math.abs(sum(countText) - real) / real).toBeLessThan(0.001)
  })
})

test('pieces make up the text, and no run in them is longer than the tokenizer bears', () => {
  const part = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 50 }),
    fc
      .tuple(fc.constantFrom('a', 'É', '汉', '😀', '.', ' ', '\n', '7', 'e\u0301'), fc.nat(900))
      .map(([unit, times]) => unit.repeat(times)),
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
      const text = parts.join('')
      const pieces = [...piecesOf(text)]
      expect(pieces.join('')).toBe(text)
      for (const piece of pieces) {
        for (const [run] of piece.matchAll(/[\p{L}\p{M}]+|[^\s\p{L}\p{N}]+|\s+/gu)) {
          expect(run.length).toBeLessThanOrEqual(MAX_RUN_CHARS)
        }
        expect(piece.isWellFormed() || !text.isWellFormed()).toBe(true)
      }
    }),
    { numRuns: 200 },
  )
})

test('the work grows with the length and not with its square', () => {
  const timeOf = (text: string): number => {
    const started = performance.now()
    countText(text)
    return performance.now() - started
  }
  // Different texts: the tokenizer remembers runs.
  const text = randomText(HAN, 180_000)
  timeOf(text.slice(0, 20_000))
  const short = timeOf(text.slice(20_000, 40_000))
  const long = timeOf(text.slice(40_000, 180_000))
  // Seven times the text; its square would be 49 times.
  expect(long / short).toBeLessThan(28)
})
