import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../src/core/json.ts'
import { docOf } from '../../../src/catalog/stubs/schema/doc.ts'
import { spreadDocstring } from '../../../src/catalog/stubs/docstring.ts'
import { toolSpec } from '../tool-specs.ts'

const CASES: [name: string, schema: JsonObject, expected: string][] = [
  ['nothing', { type: 'string' }, ''],
  ['a description', { description: 'The owner.' }, 'The owner'],
  ['the name again', { description: 'The page-size.' }, ''],
  ['the name and more', { description: 'Page size in rows' }, 'Page size in rows'],
  ['a range', { minimum: 1, maximum: 100 }, '1..100'],
  ['one end', { minimum: 0 }, '>=0'],
  ['exclusive ends', { exclusiveMinimum: 0, exclusiveMaximum: 1 }, '>0, <1'],
  ['the safe integers', { minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }, ''],
  ['a range that is said', { description: 'Rows (1-100)', minimum: 1, maximum: 100 }, 'Rows (1-100)'],
  [
    'half of a range that is said',
    { description: 'At most 100', minimum: 1, maximum: 100 },
    'At most 100; 1..100',
  ],
  ['a default', { description: 'Rows.', default: 30 }, 'Rows; = 30'],
  ['a default that is said', { description: 'Rows (default: 30)', default: 30 }, 'Rows (default: 30)'],
  ['a number that is no default', { description: 'Rows, say 30', default: 30 }, 'Rows, say 30; = 30'],
  ['a default of text', { default: 'a"b' }, '= "a\\"b"'],
  ['a default of a list', { default: ['a', 1] }, '= ["a",1]'],
  ['an empty default', { default: '' }, ''],
  ['no default', { default: null }, ''],
  ['false is a default', { default: false }, '= false'],
  ['a long default', { default: 'x'.repeat(61) }, ''],
  ['a format', { format: 'date-time', description: 'Since when' }, 'Since when; date-time'],
  ['a format that is said', { format: 'uri', description: 'The URI of it' }, 'The URI of it'],
  ['lengths', { minLength: 2, maxLength: 8 }, '2..8 chars'],
  ['not empty', { minLength: 1, minItems: 1 }, ''],
  ['items', { maxItems: 5 }, '<=5 items'],
  ['a pattern', { pattern: '^[a-z]+$' }, '/^[a-z]+$/'],
  ['steps', { multipleOf: 5 }, 'multiple of 5'],
  ['deprecated', { deprecated: true }, 'deprecated'],
  ['the values again', { enum: ['a', 'b'], description: 'One of "a", "b".' }, ''],
  ['values in parentheses', { enum: ['asc', 'desc'], description: 'Order (asc or desc).' }, 'Order'],
  ['values at the end', { enum: ['asc', 'desc'], description: 'Order: asc | desc' }, 'Order'],
  ['some of the values', { enum: ['asc', 'desc'], description: 'Order (asc)' }, 'Order (asc)'],
  [
    'what the values mean',
    { enum: ['asc', 'desc'], description: 'asc upwards, desc down' },
    'asc upwards, desc down',
  ],
  ['values of a list', { items: { enum: ['x', 'y'] }, description: 'Axes (x, y)' }, 'Axes'],
  ['what a list holds', { items: { description: 'An owner' } }, 'An owner'],
  [
    'what constants mean',
    {
      oneOf: [
        { const: 'a', description: 'up' },
        { const: 'b', description: 'down' },
      ],
    },
    'a: up; b: down',
  ],
  ['nonsense', { description: 5, format: {}, pattern: [], minimum: 'x', default: {} }, ''],
]

describe('docOf', () => {
  test.each(CASES)('%s', (_, schema, expected) => {
    expect(docOf(schema, 'pageSize')).toBe(expected)
  })

  test('cuts behind a sentence, and keeps the notes', () => {
    const text = docOf({ description: `${'One two. '.repeat(30)}${'x'.repeat(400)}`, default: 1 }, 'a')
    expect(text).toMatch(/One two\.…; = 1$/)
    expect(text.length).toBeLessThan(340)
  })
})

describe('spreadDocstring', () => {
  const spread = (description: string, properties: JsonObject) => {
    const spec = spreadDocstring(toolSpec('s', 't', { description, inputSchema: { properties } }))
    return { text: spec.description, properties: spec.inputSchema['properties'] }
  }

  test('moves what is said of parameters to them', () => {
    const description =
      'Adds.\n\n    Args:\n        a: The first,\n            in metres\n        b (int, optional): The second\n\n    Returns:\n        The sum\n'
    expect(spread(description, { a: { type: 'number' }, b: {} })).toEqual({
      text: 'Adds.\n\n    Returns:\n        The sum\n',
      properties: {
        a: { type: 'number', description: 'The first, in metres' },
        b: { description: 'The second' },
      },
    })
  })

  test('leaves what has no place', () => {
    const description = 'Adds.\nArgs:\n  a: Mine\n  c: Nobody\n  __proto__: Evil\nReturns: x'
    const properties = { a: { description: 'Own' }, b: {} }
    expect(spread(description, properties)).toEqual({ text: description, properties })
    expect(spread(description, { ...properties, c: {} })).toEqual({
      text: 'Adds.\nArgs:\n  a: Mine\n  __proto__: Evil\nReturns: x',
      properties: { ...properties, c: { description: 'Nobody' } },
    })
  })

  test('takes each parameter once, and a heading as deep as the entries for the end', () => {
    expect(spread('Args:\n- a: one\n- a: two\nReturns: all', { a: {} })).toEqual({
      text: 'Args:\n- a: two\nReturns: all',
      properties: { a: { description: 'one' } },
    })
  })

  test.each(['', 'Args:', 'Args:\n', 'Args:\n\n\n', `Args:\n${' '.repeat(5000)}a: x`, 'x'.repeat(30_000)])(
    '%.20j is left as it is',
    (description) => {
      expect(spread(description, { a: {} })).toEqual({ text: description, properties: { a: {} } })
    },
  )
})
