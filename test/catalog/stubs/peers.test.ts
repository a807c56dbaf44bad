import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../src/core/json.ts'
import { printDeclarations } from '../../../src/catalog/stubs/declarations.ts'
import { catalogOf, toolSpec } from '../tool-specs.ts'
import { compile } from './compile.ts'

const text = { type: 'string' }
const of = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  ...more,
})

interface Bug {
  readonly name: string
  readonly schema: JsonObject
  /** What the declaration says. */
  readonly says: string
  readonly right: readonly string[]
  readonly wrong: readonly string[]
}

/** What other generators get wrong. The compiler decides: what is right must pass, and what is wrong must not. */
const BUGS: readonly Bug[] = [
  {
    name: 'an array of a union loses its parentheses',
    schema: of({ x: { type: 'array', items: { anyOf: [text, { type: 'number' }] } } }),
    says: 'x: (string | number)[]',
    right: ['{ x: ["a", 1] }'],
    wrong: ['{ x: "a" }', '{ x: [true] }'],
  },
  {
    name: 'a nullable array loses the type of its items',
    schema: of({ x: { type: ['array', 'null'], items: text } }),
    says: 'x: string[] | null',
    right: ['{ x: null }', '{ x: ["a"] }'],
    wrong: ['{ x: [1] }', '{}'],
  },
  {
    name: 'recursion becomes unknown',
    schema: of(
      { tree: { $ref: '#/$defs/Tree' } },
      { $defs: { Tree: of({ value: { type: 'number' }, children: { items: { $ref: '#/$defs/Tree' } } }) } },
    ),
    says: 'children: s_recursion_becomes_unknown_Tree[]',
    right: ['{ tree: { value: 1, children: [{ value: 2, children: [] }] } }'],
    wrong: ['{ tree: { value: 1, children: [{ value: "2", children: [] }] } }'],
  },
  {
    name: 'a map of itself gives invalid code',
    schema: of(
      { tree: { $ref: '#/$defs/Tree' } },
      { $defs: { Tree: { additionalProperties: { anyOf: [text, { items: { $ref: '#/$defs/Tree' } }] } } } },
    ),
    says: '_Tree = { [key: string]: string | s_a_map_of_itself_gives_invalid_code_Tree[] }',
    right: ['{ tree: { a: "x", b: [{ c: "y" }] } }'],
    wrong: ['{ tree: { a: 1 } }', '{ tree: { b: [{ c: 1 }] } }'],
  },
  {
    name: 'keys that are no identifiers give invalid code',
    schema: of({ 'x-y': text, '1st': text, 'a b': text, 'q"q': text, new: text, class: text, '': text }),
    says: '"x-y": string',
    right: [`{ 'x-y': '', '1st': '', 'a b': '', 'q"q': '', new: '', class: '', '': '' }`],
    wrong: [`{ x_y: '', '1st': '', 'a b': '', 'q"q': '', new: '', class: '', '': '' }`],
  },
  {
    name: 'a reference becomes any',
    schema: of(
      { a: { $ref: '#/definitions/Point' }, b: { $ref: '#/definitions/Point' } },
      { definitions: { Point: of({ x: { type: 'number' } }) } },
    ),
    says: 'type s_a_reference_becomes_any_Point = { x: number }',
    right: ['{ a: { x: 1 }, b: { x: 2 } }'],
    wrong: ['{ a: { x: "1" }, b: { x: 2 } }', '{ a: 1, b: 2 }'],
  },
  {
    name: 'a reference into a schema by pointer',
    schema: of({ a: of({ deep: text }), b: { $ref: '#/properties/a/properties/deep' } }),
    says: 'b: string',
    right: ['{ a: { deep: "" }, b: "" }'],
    wrong: ['{ a: { deep: "" }, b: 1 }'],
  },
  {
    name: 'a property without a type becomes an object',
    schema: of({ x: { description: 'Anything' } }),
    says: 'x: unknown // Anything',
    right: ['{ x: 1 }', '{ x: "a" }', '{ x: null }', '{ x: {} }'],
    wrong: ['{}'],
  },
  {
    name: 'a default of another type makes the property never',
    schema: of({ x: { type: 'string', default: 5 }, y: { type: 'boolean', default: 'false' } }),
    says: 'x: string // = 5',
    right: ['{ x: "a", y: true }'],
    wrong: ['{ x: 5, y: true }', '{ x: "a", y: "false" }'],
  },
  {
    name: 'a tool without arguments accepts anything',
    schema: { type: 'object', properties: {} },
    says: '(args?: Record<string, never>)',
    right: ['', '{}'],
    wrong: ['{ a: 1 }', '"a"', '{}, {}'],
  },
  {
    name: 'an enum is lost beside a type',
    schema: of({ x: { type: 'string', enum: ['a', 'b c', 'd"'] } }),
    says: 'x: "a"|"b c"|"d\\""',
    right: [`{ x: 'd"' }`],
    wrong: ['{ x: "c" }'],
  },
  {
    name: 'descriptions of properties are lost',
    schema: of({ x: { ...text, description: 'What it is for.' } }),
    says: 'x: string // What it is for\n',
    right: ['{ x: "" }'],
    wrong: ['{ x: 1 }'],
  },
  {
    name: 'an array of a nullable reference',
    schema: of(
      { x: { items: { anyOf: [{ $ref: '#/$defs/P' }, { type: 'null' }] } } },
      { $defs: { P: of({ y: text }) } },
    ),
    says: 'x: ({ y: string } | null)[]',
    right: ['{ x: [null, { y: "" }] }'],
    wrong: ['{ x: null }', '{ x: [{}] }'],
  },
  {
    name: 'code in a schema is pasted',
    schema: of({ x: { type: 'string', tsType: 'any; evil: any' }, y: { $ref: 'file:///etc/passwd' } }),
    says: 'x: string; y: unknown',
    right: ['{ x: "", y: 1 }'],
    wrong: ['{ x: 1, y: 1 }'],
  },
]

const catalog = catalogOf(...BUGS.map(({ name, schema }) => toolSpec('s', name, { inputSchema: schema })))
const identifierOf = ({ name }: Bug) => catalog.names.of({ server: 's', name })?.toolIdentifier ?? ''
const declarations = printDeclarations(catalog.tools, catalog.names)

describe('what other generators get wrong', () => {
  test.each(BUGS)('$name', ({ says }) => {
    expect(declarations).toContain(says)
  })

  test('the compiler lets what is right through, and nothing that is wrong', async () => {
    const right = BUGS.flatMap((bug) => bug.right.map((args) => `void tools.s.${identifierOf(bug)}(${args})`))
    const wrong = BUGS.flatMap((bug) => bug.wrong.map((args) => `void tools.s.${identifierOf(bug)}(${args})`))
    const lines = [...declarations.split('\n'), ...right, ...wrong, 'export {}']
    const refused = (await compile({ 'a.ts': lines.join('\n') })).flatMap((error) => {
      const at = /^a\.ts\((\d+),/.exec(error)?.[1]
      return at === undefined ? [] : [lines[Number(at) - 1]]
    })
    expect([...new Set(refused)]).toEqual(wrong)
  })

  test('tools whose names differ in a sign share neither name nor type', async () => {
    const schema = (type: string): JsonObject => ({
      $ref: '#/$defs/Node',
      $defs: { Node: { properties: { next: { $ref: '#/$defs/Node' }, own: { type } }, required: ['own'] } },
    })
    const same = catalogOf(
      toolSpec('s', 'foo-bar', { inputSchema: schema('string') }),
      toolSpec('s', 'foo_bar', { inputSchema: schema('number') }),
      toolSpec('s', 'foo.bar', { inputSchema: schema('boolean'), outputSchema: schema('null') }),
      toolSpec('s_foo', 'bar', { inputSchema: schema('null') }),
    )
    const printed = printDeclarations(same.tools, same.names)
    const types = [...printed.matchAll(/^type (\S+) =/gm)].map((match) => match[1])
    expect(types).toHaveLength(5)
    expect(new Set(types).size).toBe(5)
    const calls = [
      ['foo-bar', '""'],
      ['foo_bar', '1'],
      ['foo.bar', 'true'],
    ].map(([name = '', own]) => {
      const known = same.names.of({ server: 's', name })
      return `void ${known?.path}({ own: ${own}, next: { own: ${own} } })`
    })
    expect(await compile({ 'a.ts': [printed, ...calls, 'export {}'].join('\n') })).toEqual([])
  })
})
