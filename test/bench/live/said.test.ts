import fc from 'fast-check'
import { expect, test } from 'vitest'

import { demandsOf, findMissing } from '../../../src/bench/live/said.ts'
import type { Json } from '../../../src/core/json.ts'

test.each<[string, Json]>([
  ['It took 1234 minutes.', 1_234],
  ['It took 1,234 minutes.', 1_234],
  ["It took 1'234 minutes", 1_234],
  ['It took 1.234 Minuten', 1_234],
  ['It took 1 234 minutes', 1_234],
  ['It took **1,234**.', 1_234],
  ['That is $1,234,567.80!', 1_234_567.8],
  ['Es sind 1.234.567,80 Euro', 1_234_567.8],
  ['3 of 40', 40],
  ['12 345 are two, or one', 12],
  ['12 345 are two, or one', 12_345],
  ['down by −7.5 %', -7.5],
  ['42ms', 42],
  ['a 0', 0],
  ['rated 4.50', 4.5],
  ['The owner is  Ana\nLima.', 'Ana Lima'],
  ['it is t-1042', 'T-1042'],
  ['(T-1042)', 'T-1042'],
  ['`T-1042`', 'T-1042'],
  ['The name is “Ana” – O’Neil', 'Ana" - O\'Neil'],
  ['17', '17'],
  ['1,700 in all', '1700'],
  [
    'Ana has 3, Bo has 4',
    [
      { name: 'Ana', count: 3 },
      { name: 'Bo', count: 4 },
    ],
  ],
  ['Yes.', true],
  ['I cannot do that.', null],
  ['Nothing was found.', []],
  ['Anything', ''],
])('%j has %j', (words, expected) => {
  expect(findMissing(words, demandsOf(expected, words))).toBeUndefined()
  expect(demandsOf(expected, words)).toEqual([expected].flat().flatMap((each) => leaves(each)))
})

test.each<[string, Json, string]>([
  ['It took 1235 minutes.', 1_234, '1234'],
  ['It took 12341 minutes.', 1_234, '1234'],
  ['It took 0.1234 minutes.', 1_234, '1234'],
  ['see T-42', 42, '42'],
  ['see v42', 42, '42'],
  ['-5', 5, '5'],
  ['4', 4.5, '4.5'],
  ['T-1042', 'T-104', 'T-104'],
  ['AT-104', 'T-104', 'T-104'],
  ['Anabel', 'Ana', 'Ana'],
  [
    'Ana has 3, Bo has 5',
    [
      { name: 'Ana', count: 3 },
      { name: 'Bo', count: 4 },
    ],
    '4',
  ],
  ['Ana', ['Ana', 'Bo'], 'Bo'],
  ['', 0, '0'],
  ['', 'x', 'x'],
])('%j lacks something of %j', (words, expected, missing) => {
  expect(findMissing(words, leaves(expected))).toBe(missing)
})

test('a number is found however it is grouped, and no other number is', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -5_000_000, max: 5_000_000 }),
      fc.constantFrom('en', 'de', 'fr', 'de-CH'),
      fc.integer({ min: 1, max: 9 }),
      (number, locale, other) => {
        const words = `The sum is ${number.toLocaleString(locale)} in all.`
        expect(findMissing(words, [number])).toBeUndefined()
        expect(findMissing(words, [number + other * 1_000_003])).toBeDefined()
      },
    ),
  )
})

test('nothing is asked for that the words of the task do not tell either', () => {
  const expected = { email: 'ana@desk.example', minutes: 705, ids: ['e-1', 'e-2'], isFull: true }
  expect(demandsOf(expected, 'Ana has 705 minutes, with e-2.')).toEqual([705, 'e-2'])
  expect(demandsOf(37_500, 'It is about care.')).toEqual([])
})

test('long words are searched in good time', () => {
  const words = `${'1,234 '.repeat(50_000)}${'a'.repeat(200_000)}${'9'.repeat(100_000)}`
  expect(findMissing(words, ['not there'])).toBe('not there')
})

function leaves(value: Json): readonly (string | number)[] {
  if (typeof value === 'number') return [value]
  if (typeof value === 'string') return value === '' ? [] : [value]
  return typeof value === 'object' && value !== null
    ? Object.values(value).flatMap((each) => leaves(each ?? null))
    : []
}
