import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { Json } from '../../../src/core/json.ts'
import { EMPTY_SHAPE, mergeShapes, type Shape } from '../../../src/catalog/learned/shape.ts'
import { shapeOf } from '../../../src/catalog/learned/shape-of.ts'
import { toSoftType } from '../../../src/catalog/learned/shape-type.ts'
import { fitShape, MAX_SHAPE_CHARS, parseShape } from '../../../src/catalog/learned/stored-shape.ts'

/** Names as servers have them, as data are, and series of names: of few letters, so that objects meet. */
const NAME = fc.oneof(
  fc.constantFrom('id', 'name', 'state', 'labels', 'next_page', '__typename'),
  fc.integer({ min: 0, max: 9 }).map((digit) => `item${digit}`),
  fc.constantFrom('2024-01-02', 'ann@example.com', '/etc/passwd', 'user_4711', 'two words', '__proto__'),
  fc.string({ maxLength: 60 }),
)
const VALUE = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom<Json>(null, true, 7, 'text'),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(NAME, tie('value'), { maxKeys: 9 }) as fc.Arbitrary<Json>,
  ),
})).value
const SHAPE = fc
  .array(VALUE, { maxLength: 3 })
  .map((values) => values.map(shapeOf).reduce(mergeShapes, EMPTY_SHAPE))

/** A shape with every count at one: what is left where it does not matter how often. */
function uncounted(shape: Shape): Json {
  const text = JSON.stringify(shape, (key, value: unknown) => (key === 'count' ? 1 : value))
  return JSON.parse(text.replaceAll(/",\d+,/g, '",1,')) as Json
}

describe('shapes are a lattice', () => {
  test('it does not matter which comes first', () => {
    const law = fc.property(SHAPE, SHAPE, (a, b) => {
      expect(mergeShapes(a, b)).toEqual(mergeShapes(b, a))
    })
    fc.assert(law)
  })

  test('it does not matter which are merged first', () => {
    const law = fc.property(SHAPE, SHAPE, SHAPE, (a, b, c) => {
      expect(mergeShapes(mergeShapes(a, b), c)).toEqual(mergeShapes(a, mergeShapes(b, c)))
    })
    fc.assert(law, { numRuns: 300 })
  })

  test('what is known already changes nothing but counts', () => {
    fc.assert(
      fc.property(SHAPE, SHAPE, (a, b) => {
        const both = mergeShapes(a, b)
        expect(uncounted(mergeShapes(both, both))).toEqual(uncounted(both))
        expect(uncounted(mergeShapes(both, a))).toEqual(uncounted(both))
        expect(toSoftType(mergeShapes(both, both)).type.key).toBe(toSoftType(both).type.key)
      }),
    )
  })

  test('nothing is the neutral one', () => {
    const law = fc.property(SHAPE, (a) => {
      expect(mergeShapes(a, EMPTY_SHAPE)).toEqual(a)
    })
    fc.assert(law)
  })
})

describe('stored shapes', () => {
  test('are read as they were written', () => {
    const law = fc.property(SHAPE, (a) => {
      expect(parseShape(JSON.parse(JSON.stringify(a)) as Json)).toEqual(a)
    })
    fc.assert(law)
  })

  test('have a bound on their size, and what is cut can be merged with what was not', () => {
    const wide = (level: number, prefix: string): Json =>
      level === 0
        ? 1
        : Object.fromEntries(
            ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta'].map((name) => [
              `${prefix}_${name}`,
              wide(level - 1, name),
            ]),
          )
    const full = shapeOf([wide(4, 'a'), wide(4, 'b')])
    expect(JSON.stringify(full).length).toBeGreaterThan(MAX_SHAPE_CHARS)
    const first = fitShape(full)
    expect(JSON.stringify(first.shape).length).toBeLessThanOrEqual(MAX_SHAPE_CHARS)
    const second = fitShape(mergeShapes(first.shape, full), first.depth)
    expect(second.depth).toBe(first.depth)
    expect(toSoftType(second.shape).type.key).toBe(toSoftType(first.shape).type.key)
  })

  test.each<[string, Json]>([
    ['a text', 'x'],
    ['a list', []],
    ['an array of nothing', { array: null }],
    ['an object without a count', { object: { fields: [] } }],
    ['a count that is none', { object: { count: -1, fields: [] } }],
    ['a field without a shape', { object: { count: 1, fields: [['a', 1]] } }],
    ['a name that is data', { object: { count: 1, fields: [['ann@example.com', 1, {}]] } }],
    [
      'names out of order',
      {
        object: {
          count: 1,
          fields: [
            ['b', 1, {}],
            ['a', 1, {}],
          ],
        },
      },
    ],
    [
      'a name twice',
      {
        object: {
          count: 1,
          fields: [
            ['a', 1, {}],
            ['a', 1, {}],
          ],
        },
      },
    ],
    ['more levels than there are', JSON.parse('{"array":'.repeat(9_000) + '{}' + '}'.repeat(9_000)) as Json],
  ])('are refused where they are none: %s', (_what, json) => {
    expect(parseShape(json)).toBeUndefined()
  })
})
