import fc from 'fast-check'
import { expect, test } from 'vitest'

import type { Json } from '../../../../src/core/json.ts'
import { cutValue } from '../../../../src/scripts/run/value/cut.ts'

const sizeOf = (value: Json): number => JSON.stringify(value).length

test('what fits stays as it is', () => {
  const value = { a: [1, 2, { b: 'text' }], c: null }
  expect(cutValue(value, 1_000)).toEqual({ value, places: [] })
})

test('a list keeps as many whole items as fit, and says how many there were', () => {
  const value = Array.from({ length: 1_000 }, (_, n) => n)
  const cut = cutValue(value, 400)
  const list = cut.value as Json[]
  expect(list.slice(0, -1)).toEqual(value.slice(0, list.length - 1))
  expect(list.length).toBeGreaterThan(50)
  expect(list.at(-1)).toBe(`… ${1_001 - list.length} more of 1000 items`)
  expect(cut.places).toEqual([`$: ${list.length - 1} of 1000 items`])
})

test('small members stay whole beside large ones', () => {
  const value = { id: 7, body: 'x'.repeat(10_000), tags: ['a', 'b'], log: 'y'.repeat(10_000) }
  const cut = cutValue(value, 1_000).value as Record<string, Json>
  expect(cut).toMatchObject({ id: 7, tags: ['a', 'b'] })
  expect(cut['body']).toMatch(/^x{300,}… \(\d+ more characters\)$/)
  expect(cut['log']).toMatch(/^y{300,}… \(\d+ more characters\)$/)
})

test('items that are large themselves are cut, so that there are a few of them', () => {
  const value = Array.from({ length: 40 }, (_, n) => ({ n, text: 'z'.repeat(5_000) }))
  const cut = cutValue(value, 2_000).value as { n: number }[]
  expect(cut.slice(0, 3).map(({ n }) => n)).toEqual([0, 1, 2])
})

test('whatever the value, what is left is JSON of about the size that was asked for', () => {
  fc.assert(
    fc.property(
      fc.jsonValue({ maxDepth: 6 }) as fc.Arbitrary<Json>,
      fc.integer({ min: 200, max: 2_000 }),
      (value, max) => {
        const cut = cutValue(value, max)
        expect(JSON.parse(JSON.stringify(cut.value))).toEqual(JSON.parse(JSON.stringify(cut.value)))
        expect(sizeOf(cut.value)).toBeLessThanOrEqual(sizeOf(value) + 64)
        expect(sizeOf(cut.value)).toBeLessThanOrEqual(max * 1.5 + 200)
        if (sizeOf(value) <= max * 0.5) expect(cut.value).toEqual(value)
      },
    ),
    { numRuns: 500 },
  )
})

test('nesting that no recursion would survive is cut off, quickly', () => {
  let deep: Json = 'end'
  for (let level = 0; level < 50_000; level++) deep = [deep]
  expect(sizeOf(cutValue(deep, 1_000).value)).toBeLessThan(1_500)
})

test('a wide object of long keys stays small', () => {
  const wide = Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`${n}${'k'.repeat(3_000)}`, n]))
  expect(sizeOf(cutValue(wide, 1_000).value)).toBeLessThan(12_000)
})
