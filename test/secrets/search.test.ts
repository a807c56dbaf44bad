import fc from 'fast-check'
import { expect, test } from 'vitest'

import { createSearch, type Hit } from '../../src/secrets/search.ts'

/** The obvious way: the first place, and there the longest string. */
function search(wanted: readonly string[], text: string, from: number): Hit | undefined {
  const hits = wanted
    .map((string) => ({ at: text.indexOf(string, from), length: string.length }))
    .filter(({ at }) => at >= 0)
  return hits.toSorted((a, b) => a.at - b.at || b.length - a.length)[0]
}

/** Few characters, so that strings overlap, repeat and nearly match. */
const texts = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom('a', 'b', 'ā', '\xff', '€'), minLength, maxLength })
const wantedStrings = fc.array(texts(2, 8), { minLength: 1, maxLength: 12 })

test('finds what indexOf finds, at the same place', () => {
  fc.assert(
    fc.property(wantedStrings, texts(0, 200), fc.nat(20), (wanted, text, from) => {
      expect(createSearch(wanted).inText(text, from)).toEqual(search(wanted, text, from))
    }),
    { numRuns: 2_000 },
  )
})

test('finds in bytes what stands in them', () => {
  fc.assert(
    fc.property(wantedStrings, texts(0, 200), (wanted, text) => {
      const inUtf8 = wanted.map((string) => Buffer.from(string).toString('latin1'))
      const bytes = Buffer.from(text)
      expect(createSearch(inUtf8).inBytes(bytes)).toBe(wanted.some((string) => bytes.includes(string)))
    }),
    { numRuns: 2_000 },
  )
})

test('finds a string that is longer than the furthest jump', () => {
  const long = Array.from({ length: 700 }, (_, index) => String.fromCharCode(33 + ((index * 7) % 90))).join(
    '',
  )
  const { inText, inBytes } = createSearch([long])
  for (const before of [0, 1, 254, 255, 256, 1_000]) {
    const text = `${' '.repeat(before)}${long}`
    expect(inText(text, 0)).toEqual({ at: before, length: 700 })
    expect(inBytes(Buffer.from(text))).toBe(true)
    expect(inText(text.slice(0, -1), 0)).toBeUndefined()
  }
})
