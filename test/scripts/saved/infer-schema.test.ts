import { expect, test } from 'vitest'

import type { Json } from '../../../src/core/json.ts'
import { createArgumentValidator } from '../../../src/policy/arguments.ts'
import { inferSchema } from '../../../src/scripts/saved/infer-schema.ts'

const fits = (schema: ReturnType<typeof inferSchema>, value: Json): boolean =>
  createArgumentValidator().problems(
    { ref: { server: 'a', name: 'b' }, inputSchema: schema, definition: {} },
    value as never,
  ).length === 0

test('types are broad: no value of an example is in the schema', () => {
  const schema = inferSchema([{ repo: 'secret-name', limit: 3 }], { isClosed: true })
  expect(schema).toEqual({
    type: 'object',
    properties: { repo: { type: 'string' }, limit: { type: 'number' } },
    required: ['repo', 'limit'],
    additionalProperties: false,
  })
})

test('what is missing in one example may be missing', () => {
  const schema = inferSchema([{ a: 1 }, { a: 2, b: null }, { a: 3, b: 'x' }], { isClosed: true })
  expect(schema['required']).toEqual(['a'])
  expect(fits(schema, { a: 4, b: null })).toBe(true)
  expect(fits(schema, { a: 4, c: 1 })).toBe(false)
})

test('every example fits what was inferred of all', () => {
  const examples: readonly Json[] = [
    { list: [{ id: 1 }, { id: 2, name: 'x' }], map: { 'a/b': 1, 'c/d': 2 }, mixed: [1, 'a', null] },
    { list: [], map: {}, mixed: 'none', more: { deep: [[1], [2]] } },
  ]
  const schema = inferSchema(examples, { isClosed: false })
  for (const example of examples) expect(fits(schema, example), JSON.stringify(schema)).toBe(true)
  expect(fits(schema, { list: [{ id: 'no' }], map: {}, mixed: 1 })).toBe(false)
})

test('what is only null says nothing, and depth and width end', () => {
  expect(inferSchema([null], { isClosed: false })).toEqual({})
  let deep: Json = 1
  for (let level = 0; level < 50; level++) deep = { deep }
  expect(JSON.stringify(inferSchema([deep], { isClosed: false })).length).toBeLessThan(1_000)
  const wide = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`k${index}`, index]))
  expect(inferSchema([wide], { isClosed: true })).toEqual({
    type: 'object',
    additionalProperties: { type: 'number' },
  })
})
