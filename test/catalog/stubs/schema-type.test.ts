import { describe, expect, test } from 'vitest'
import type { Json } from '../../../src/core/json.ts'
import { printType } from '../../../src/catalog/stubs/print-type.ts'
import { schemaToType } from '../../../src/catalog/stubs/schema-type.ts'
import { namedHelpers } from '../../../src/catalog/stubs/type-helpers.ts'
import { UNKNOWN } from '../../../src/catalog/stubs/type-node.ts'

/** The type on one line, then its helper types. */
function typeOf(schema: Json): string {
  const { type, helpers } = schemaToType(schema)
  const named = namedHelpers(type, helpers)
  const style = {
    docs: false,
    nameOf: (name: string) => (named.has(name) ? name : undefined),
    inlined: (name: string) => helpers.get(name)?.node ?? UNKNOWN,
  }
  const extra = [...named].map((name) => `type ${name} = ${printType(style.inlined(name), style)}`)
  return [printType(type, style), ...extra].join('; ')
}

const CASES: [name: string, schema: Json, expected: string][] = [
  ['true', true, 'unknown'],
  ['false as a property', { properties: { a: false } }, '{ a?: never }'],
  ['nothing', {}, 'unknown'],
  ['string', { type: 'string' }, 'string'],
  ['integer', { type: 'integer' }, 'number'],
  ['an invented type', { type: 'any' }, 'unknown'],
  ['types', { type: ['string', 'null'] }, 'string | null'],
  ['nullable', { type: 'string', nullable: true }, 'string | null'],
  ['nullable array', { type: ['array', 'null'], items: { type: 'string' } }, 'string[] | null'],
  ['array of union', { type: 'array', items: { type: ['string', 'number'] } }, '(string | number)[]'],
  [
    'array of union through a reference',
    { items: { $ref: '#/$defs/a' }, $defs: { a: { enum: [1, 2] } } },
    '(1 | 2)[]',
  ],
  ['array of anything', { type: 'array' }, 'unknown[]'],
  ['const', { const: 'a"b' }, '"a\\"b"'],
  ['const object', { const: { a: [1, null] } }, '{ a: [1, null] }'],
  ['enum', { enum: ['a', 1, null, true] }, '"a" | 1 | null | true'],
  ['an array of an enum', { items: { enum: ['a', 'b'] } }, '("a"|"b")[]'],
  ['enum with a type', { type: 'string', enum: ['a', null] }, '"a"'],
  ['enum of another type', { type: 'string', enum: [1] }, '1'],
  ['both booleans', { enum: [true, false] }, 'boolean'],
  [
    'properties',
    { properties: { a: { type: 'string' }, b: {} }, required: ['a'] },
    '{ a: string; b?: unknown }',
  ],
  ['required without a property', { type: 'object', required: ['a'] }, '{ a: unknown }'],
  ['a property without a type', { properties: { a: { description: 'x' } } }, '{ a?: unknown }'],
  ['a default of another type', { properties: { a: { type: 'string', default: 5 } } }, '{ a?: string }'],
  ['a bare object', { type: 'object' }, 'Record<string, unknown>'],
  [
    'a closed empty object',
    { type: 'object', properties: {}, additionalProperties: false },
    'Record<string, never>',
  ],
  ['a map', { additionalProperties: { type: 'number' } }, 'Record<string, number>'],
  [
    'a map with members',
    { properties: { a: { type: 'string' } }, additionalProperties: { type: 'number' } },
    '{ a?: string; [key: string]: number | string | undefined }',
  ],
  ['patternProperties', { patternProperties: { '^x-': { type: 'string' } } }, 'Record<string, string>'],
  [
    'odd keys',
    { properties: { 'a-b': {}, '1': {}, new: {}, class: {}, '': {} } },
    '{ "1"?: unknown; "a-b"?: unknown; "new"?: unknown; class?: unknown; ""?: unknown }',
  ],
  [
    'tuple',
    { type: 'array', prefixItems: [{ type: 'string' }, { type: 'number' }], items: false, minItems: 2 },
    '[string, number]',
  ],
  ['open tuple', { prefixItems: [{ type: 'string' }] }, '[string?, ...unknown[]]'],
  [
    'draft-07 tuple',
    { items: [{ type: 'string' }], additionalItems: { type: ['number', 'null'] }, minItems: 1 },
    '[string, ...(number | null)[]]',
  ],
  ['anyOf', { anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'string' }] }, 'string | number'],
  ['anyOf with anything', { anyOf: [{ type: 'string' }, {}] }, 'unknown'],
  ['a keyword takes its literals', { anyOf: [{ type: 'string' }, { const: 'a' }] }, 'string'],
  ['oneOf beside its own type', { type: 'string', oneOf: [{ const: 'a' }, { const: 'b' }] }, '"a"|"b"'],
  ['limits beside a type', { type: 'string', anyOf: [{ format: 'date' }, { format: 'time' }] }, 'string'],
  [
    'one of two required',
    {
      properties: { a: { type: 'string' }, b: { type: 'string' } },
      anyOf: [{ required: ['a'] }, { required: ['b'] }],
    },
    '{ a?: string; b?: string } & ({ a: unknown } | { b: unknown })',
  ],
  [
    'allOf',
    {
      allOf: [
        { properties: { a: { type: 'string' } } },
        { properties: { a: {}, b: { type: 'number' } }, required: ['a'] },
      ],
    },
    '{ a: string; b?: number }',
  ],
  [
    'a reference',
    { properties: { a: { $ref: '#/definitions/x' } }, definitions: { x: { type: 'string' } } },
    '{ a?: string }',
  ],
  [
    'a reference to a reference',
    { $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/b' }, b: { type: 'number' } } },
    'number',
  ],
  ['an escaped pointer', { $ref: '#/$defs/a~1b%20c', $defs: { 'a/b c': { type: 'number' } } }, 'number'],
  [
    'an anchor',
    { properties: { a: { $ref: '#text' } }, $defs: { x: { $anchor: 'text', type: 'string' } } },
    '{ a?: string }',
  ],
  [
    'an embedded schema by its id',
    {
      $id: 'https://example.com/root',
      properties: {
        a: { $ref: 'https://example.com/b' },
        c: { $ref: 'https://example.com/b#/$defs/d' },
        e: { $ref: 'https://example.com/root#/$defs/f' },
        g: { $ref: 'https://example.com/other' },
      },
      $defs: {
        b: { $id: 'https://example.com/b', type: 'string', $defs: { d: { type: 'null' } } },
        f: { type: 'boolean' },
      },
    },
    '{ a?: string; c?: null; e?: boolean; g?: unknown }',
  ],
  [
    'dynamic references',
    {
      properties: { a: { $dynamicRef: '#node' }, b: { $recursiveRef: '#' } },
      $defs: { x: { $dynamicAnchor: 'node', type: 'string' } },
    },
    'Self; type Self = { a?: string; b?: Self }',
  ],
  ['a dangling anchor', { $ref: '#none' }, 'unknown'],
  ['a dangling reference', { $ref: '#/$defs/none' }, 'unknown'],
  ['a reference to a prototype', { $ref: '#/__proto__/constructor' }, 'unknown'],
  ['a remote reference', { $ref: 'https://example.com/schema.json' }, 'unknown'],
  ['a file', { $ref: 'file:///etc/passwd' }, 'unknown'],
  [
    'a type that is used twice',
    {
      properties: { a: { $ref: '#/$defs/P' }, b: { $ref: '#/$defs/P' } },
      $defs: { P: { properties: { x: { type: 'number' } } } },
    },
    '{ a?: P; b?: P }; type P = { x?: number }',
  ],
  [
    'recursion',
    { $ref: '#/$defs/Node', $defs: { Node: { properties: { next: { $ref: '#/$defs/Node' } } } } },
    'Node; type Node = { next?: Node }',
  ],
  [
    'recursion of the root',
    { properties: { items: { type: 'array', items: { $ref: '#' } } } },
    'Self; type Self = { items?: Self[] }',
  ],
  ['itself', { $ref: '#' }, 'unknown'],
  [
    'allOf of itself',
    { allOf: [{ $ref: '#' }, { properties: { a: { type: 'string' } } }] },
    '{ a?: string }',
  ],
  [
    'a circle of types',
    {
      $ref: '#/$defs/a',
      $defs: {
        a: { anyOf: [{ $ref: '#/$defs/b' }, { type: 'null' }] },
        b: { allOf: [{ $ref: '#/$defs/a' }] },
      },
    },
    'unknown',
  ],
  ['tsType is data', { type: 'string', tsType: 'any; declare const x: 1' }, 'string'],
  [
    'nonsense everywhere',
    { type: {}, properties: [], required: 'a', enum: {}, anyOf: {}, $ref: 5, items: 3 },
    'Record<string, unknown>',
  ],
]

describe('schemaToType', () => {
  test.each(CASES)('%s', (_, schema, expected) => {
    expect(typeOf(schema)).toBe(expected)
  })
})
