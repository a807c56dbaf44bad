import { describe, expect, test } from 'vitest'

import { printSignature } from '../../../src/catalog/stubs/signature.ts'
import type { JsonObject } from '../../../src/core/json.ts'
import { catalogOf } from '../tool-specs.ts'
import type { ToolSpec } from '../../../src/core/tool.ts'

/** What a full signature says of a result with these members and a few more, so that their types do not fit. */
function resultOf(members: JsonObject, required: readonly string[] = Object.keys(members)): string {
  const inputSchema = { type: 'object' }
  const filler = { a_rather_long_name: { type: 'object', properties: { inner: { type: 'string' } } } }
  const outputSchema = {
    type: 'object',
    properties: { ...members, ...filler },
    required: [...required, 'a_rather_long_name'],
    additionalProperties: false,
  }
  const definition = { name: 'get', inputSchema, outputSchema }
  const spec: ToolSpec = { ref: { server: 's', name: 'get' }, inputSchema, outputSchema, definition }
  const line = printSignature(spec, catalogOf(spec).names, 'path', {}, 'full')
  return /Promise<\{ (.*), a_rather_long_name: \{ inner\?? \} \}>/.exec(line)?.[1] ?? line
}

const object = (members: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: 'object',
  properties: members,
  required: Object.keys(members),
  additionalProperties: false,
  ...more,
})
const text = { type: 'string' }
const long = object({ first: text, second: text, third: text, fourth: text, fifth: text, sixth: text })
const INNER = '{ first, second, third, fourth, fifth, sixth }'

describe('a full signature names members, and says where there may be something else', () => {
  test.each<[string, JsonObject, readonly string[] | undefined, string]>([
    ['a member that may be missing', { a: text, b: long }, ['b'], `a?, b: ${INNER}`],
    [
      'an object that may be null',
      { a: { anyOf: [long, { type: 'null' }] } },
      undefined,
      `a: ${INNER} | null`,
    ],
    ['an object or a text', { a: { anyOf: [long, text] } }, undefined, `a: ${INNER} | …`],
    ['two objects', { a: { anyOf: [long, object({ error: text })] } }, undefined, `a: ${INNER} | { error }`],
    ['a list of texts', { a: { type: 'array', items: text }, b: long }, undefined, `a: [], b: ${INNER}`],
    ['a list of objects', { a: { type: 'array', items: long } }, undefined, `a: ${INNER}[]`],
    [
      'a list of objects or null',
      { a: { type: 'array', items: { anyOf: [long, { type: 'null' }] } } },
      undefined,
      `a: (${INNER} | null)[]`,
    ],
    [
      'a map',
      { a: { type: 'object', additionalProperties: long } },
      undefined,
      `a: Record<string, ${INNER}>`,
    ],
  ])('%s', (_what, members, required, expected) => {
    expect(resultOf(members, required)).toBe(expected)
  })

  test('what has no room is counted', () => {
    const members = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`member_number_${n}`, text]))
    expect(resultOf(members)).toMatch(/member_number_0, .*, …\d+ more \}/)
  })
})
