import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../src/core/json.ts'
import { printParameters } from '../../../src/catalog/stubs/parameters.ts'
import { estimateTokens } from '../../../src/catalog/tokens.ts'
import { toolSpec } from '../tool-specs.ts'

const print = (inputSchema: JsonObject) => printParameters(toolSpec('s', 't', { inputSchema }))
const text = { type: 'string' }
const many = Array.from({ length: 200 }, (_, at) => `parameter_number_${at}`)
const properties: JsonObject = Object.fromEntries(many.map((name) => [name, text]))

describe('printParameters', () => {
  test('is a line of names and types', () => {
    expect(
      print({ properties: { path: text, tail: { type: 'integer' }, 'x-y': text }, required: ['path'] }),
    ).toBe('{ path: string, tail?: number, "x-y"?: string }')
  })

  test.each<[JsonObject, string]>([
    [{ type: 'object' }, '{}'],
    [{ additionalProperties: text }, 'Record<string, string>'],
    [
      { anyOf: [{ properties: { a: text }, required: ['a'] }, { properties: { b: text } }] },
      '{ a: string } | { b?: string }',
    ],
  ])('%j is %s', (schema, expected) => {
    expect(print(schema)).toBe(expected)
  })

  test.each<[string, JsonObject]>([
    ['many that may be left out', { properties }],
    ['many that may not', { properties, required: many }],
    ['long names', { properties: { ['x'.repeat(190)]: text }, required: ['x'.repeat(190)] }],
    ['hidden characters', { properties: { 'a\u202e\n*/': text }, required: ['a\u202e\n*/'] }],
  ])('%s: at most about 60 tokens on one line', (_, schema) => {
    const line = print(schema)
    expect(estimateTokens(line)).toBeLessThanOrEqual(62)
    expect(line).not.toMatch(/[\n\u202e]/)
  })
})
