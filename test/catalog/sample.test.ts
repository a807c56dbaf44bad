import { expect, test } from 'vitest'

import { sampleResult } from '../../src/catalog/sample.ts'
import { createArgumentValidator } from '../../src/policy/arguments.ts'
import type { JsonObject } from '../../src/core/json.ts'
import { toolSpec } from './tool-specs.ts'

const sampleFor = (outputSchema: JsonObject) => sampleResult({ ...toolSpec('s', 't'), outputSchema })

test('every member is there, lists have one item, choices are the first', () => {
  const sample = sampleFor({
    type: 'object',
    properties: {
      id: { type: 'integer' },
      state: { enum: ['open', 'closed'] },
      kind: { const: 'issue' },
      labels: { type: 'array', items: { type: 'object', properties: { name: { type: 'string' } } } },
      owner: { anyOf: [{ type: 'null' }, { type: 'object', properties: { login: { type: 'string' } } }] },
      draft: { type: 'boolean' },
    },
    required: ['id'],
  })
  expect(sample).toEqual({
    id: 0,
    state: 'open',
    kind: 'issue',
    labels: [{ name: 'simulated' }],
    owner: { login: 'simulated' },
    draft: false,
  })
})

test('recursion ends, and nothing is known of what is not declared', () => {
  const sample = sampleFor({
    $defs: {
      node: {
        type: 'object',
        properties: {
          next: { $ref: '#/$defs/node' },
          all: { type: 'array', items: { $ref: '#/$defs/node' } },
        },
      },
    },
    $ref: '#/$defs/node',
  })
  expect(JSON.stringify(sample).length).toBeLessThan(20_000)
  expect(sampleResult(toolSpec('s', 't'))).toEqual({})
})

test.each<JsonObject>([
  { type: 'object', properties: { a: { type: 'array', items: { type: 'number' } } }, required: ['a'] },
  { type: 'object', properties: { a: { type: ['string', 'null'] } }, required: ['a'] },
  { oneOf: [{ type: 'object', properties: { ok: { const: true } }, required: ['ok'] }] },
])('a sample fits the schema that it was made from: %j', (schema) => {
  const spec = { ...toolSpec('s', 't'), inputSchema: schema }
  expect(createArgumentValidator().problems(spec, sampleFor(schema) as JsonObject)).toEqual([])
})
