import fc from 'fast-check'
import { expect, test } from 'vitest'

import { estimateEach } from '../../src/tokens/estimate.ts'
import { excerptOf, readLimit, scaleTokens } from '../../src/tokens/excerpt.ts'

test('an excerpt is the beginning of its parts, and knows the length of all', () => {
  expect(excerptOf(['ab', 'cd', 'ef'], 3)).toEqual({ text: 'abc', chars: 6 })
  expect(excerptOf(['ab', 'cd'], 4)).toEqual({ text: 'abcd', chars: 4 })
  expect(excerptOf([], 4)).toEqual({ text: '', chars: 0 })
})

test('a cut through a character keeps the length', () => {
  const { text } = excerptOf(['a😀b'], 2)
  expect(text).toHaveLength(2)
  expect(text.isWellFormed()).toBe(true)
})

test('tokens of the beginning are scaled to the whole', () => {
  expect(scaleTokens(10, { text: 'x'.repeat(40), chars: 100 })).toBe(25)
  expect(scaleTokens(0, { text: '', chars: 0 })).toBe(0)
})

test('the limit for each text keeps within that of all, and leaves no room unused', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(5_000), { minLength: 1, maxLength: 40 }), (lengths) => {
      const limit = readLimit(lengths, 1_000, 10_000)
      const read = lengths.reduce((sum, length) => sum + Math.min(length, limit), 0)
      expect(limit).toBeLessThanOrEqual(1_000)
      expect(read).toBeLessThanOrEqual(10_000)
      const isCut = limit < 1_000 && lengths.some((length) => length > limit)
      if (isCut) expect(read).toBeGreaterThan(10_000 - lengths.length)
    }),
  )
})

test('of many and of long texts only a bounded part is read to estimate them', () => {
  let readChars = 0
  const estimate = (text: string): number => {
    readChars += text.length
    return text.length / 4
  }
  const long = excerptOf(['x'.repeat(400_000)], 400_000)
  expect(estimateEach([long], estimate)).toEqual([100_000])
  expect(readChars).toBe(65_536)
  readChars = 0
  const many = estimateEach(
    Array.from({ length: 1_000 }, () => long),
    estimate,
  )
  expect(new Set(many)).toEqual(new Set([100_000]))
  expect(readChars).toBeLessThanOrEqual(262_144)
})
