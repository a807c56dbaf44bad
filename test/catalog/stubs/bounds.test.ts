import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../../src/core/json.ts'
import { printDeclarations } from '../../../src/catalog/stubs/declarations.ts'
import { printSignature } from '../../../src/catalog/stubs/signature.ts'
import { catalogOf, toolSpec } from '../tool-specs.ts'
import { compile } from './compile.ts'

function fanOut(levels: number, width: number): JsonObject {
  const $defs: Record<string, Json> = { D0: { type: 'string' } }
  for (let at = 1; at <= levels; at++) {
    const properties: Record<string, Json> = {}
    for (let i = 0; i < width; i++) properties[`p${i}`] = { $ref: `#/$defs/D${at - 1}` }
    $defs[`D${at}`] = { type: 'object', properties }
  }
  return { $ref: `#/$defs/D${levels}`, $defs }
}

function ring(size: number, keyword: 'allOf' | 'anyOf'): JsonObject {
  const entries = Array.from({ length: size }, (_, at): [string, Json] => [
    `R${at}`,
    {
      [keyword]: [
        { $ref: `#/$defs/R${(at + 1) % size}` },
        { $ref: `#/$defs/R${(at * 7 + 3) % size}` },
        { properties: { [`p${at}`]: { $ref: `#/$defs/R${(at * 3) % size}` } } },
      ],
    },
  ])
  return { properties: { a: { $ref: '#/$defs/R0' } }, $defs: Object.fromEntries(entries) }
}

const wide = Object.fromEntries(
  Array.from({ length: 100_000 }, (_, at): [string, Json] => [`p${at}`, { type: 'string' }]),
)
const nested = (open: string, close: string, times: number): JsonObject =>
  JSON.parse(`${open.repeat(times)}{"type":"string"}${close.repeat(times)}`)

const HOSTILE: [name: string, schema: JsonObject][] = [
  ['100,000 properties', { type: 'object', properties: wide }],
  ['100,000 required', { type: 'object', required: Object.keys(wide) }],
  ['100,000 enum values', { properties: { a: { enum: Object.keys(wide) } } }],
  ['100,000 branches', { anyOf: Object.keys(wide).map((name): Json => ({ required: [name] })) }],
  ['10,000 items deep', nested('{"type":"array","items":', '}', 10_000)],
  ['10,000 objects deep', nested('{"properties":{"a":', '}}', 10_000)],
  ['10,000 allOf deep', nested('{"allOf":[', ']}', 10_000)],
  ['10,000 const deep', { const: JSON.parse(`${'['.repeat(10_000)}${']'.repeat(10_000)}`) }],
  [
    '10,000 default deep',
    { properties: { a: { default: JSON.parse(`${'['.repeat(10_000)}${']'.repeat(10_000)}`) } } },
  ],
  [
    '10,000 enum deep',
    {
      properties: {
        a: { description: 'x', enum: [JSON.parse(`${'['.repeat(10_000)}${']'.repeat(10_000)}`)] },
      },
    },
  ],
  [
    'a description that almost repeats its values, 5,000 times',
    {
      properties: Object.fromEntries(
        Array.from({ length: 5_000 }, (_, at): [string, Json] => [
          `p${at}`,
          { enum: ['a', 'b'], description: `${'(a, b '.repeat(60)}${': a, '.repeat(40)}` },
        ]),
      ),
    },
  ],
  ['a fan-out of 10 to the 60', fanOut(60, 10)],
  ['a chain of 5,000 references', fanOut(5000, 1)],
  ['a ring of allOf', ring(300, 'allOf')],
  ['a ring of anyOf', ring(300, 'anyOf')],
  ['names of a megabyte', { properties: { ['x'.repeat(1e6)]: {} }, description: 'y '.repeat(1e6) }],
  [
    'descriptions without end',
    {
      properties: Object.fromEntries(
        Object.keys(wide).map((name): [string, Json] => [name, { description: 'z '.repeat(500) }]),
      ),
    },
  ],
]

describe('a hostile schema', () => {
  test.each(HOSTILE)('%s ends small', (_, schema) => {
    const spec = toolSpec('s', 't', { inputSchema: schema, outputSchema: schema })
    const { names } = catalogOf(spec)
    expect(printDeclarations([spec], names).length).toBeLessThan(3_000_000)
    expect(printSignature(spec, names).length).toBeLessThan(4_000)
  })

  test.each([
    `Args:\n${'  a: '.repeat(4_000)}`,
    `Args:\n${'  a: x\n'.repeat(100_000)}`,
    `Args:\n  a${' ('.repeat(900)}`,
    'Args:\n'.repeat(3_000),
    `. ${' '.repeat(1e6)}x`,
  ])('%.12j, a description, ends small', (description) => {
    const spec = toolSpec('s', 't', { description, inputSchema: { properties: { a: {} } } })
    const { names } = catalogOf(spec)
    expect(printDeclarations([spec], names).length).toBeLessThan(3_000)
    expect(printSignature(spec, names).length).toBeLessThan(300)
  })

  test('compiles', async () => {
    const specs = HOSTILE.map(([, schema], at) =>
      toolSpec('s', `t${at}`, { inputSchema: schema, outputSchema: schema }),
    )
    const { names } = catalogOf(...specs)
    const text = printDeclarations(specs, names)
    expect(text).toContain('t9(')
    expect(await compile({ 'a.ts': text })).toEqual([])
  })
})
