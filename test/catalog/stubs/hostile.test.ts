import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { ts } from 'ts-morph'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../src/core/json.ts'
import { printDeclarations } from '../../../src/catalog/stubs/declarations.ts'
import { schemaToType } from '../../../src/catalog/stubs/schema-type.ts'
import { printSignature } from '../../../src/catalog/stubs/signature.ts'
import { commentText, cutText, stringLiteral } from '../../../src/catalog/stubs/text.ts'
import { catalogOf, toolSpec } from '../tool-specs.ts'
import { compile } from './compile.ts'

const ATTACKS = [
  '*/ declare const evil: 1 /*',
  '*\u200b/ declare const evil: 1 /*',
  '**//',
  '\n}\ndeclare const evil: 1',
  '\u2028declare const evil: 1',
  '\u2029declare const evil: 1',
  '\r\ndeclare const evil: 1 //',
  '"; declare const evil: 1; "',
  "'; declare const evil: 1",
  '`${evil}`',
  '@ts-expect-error',
  '@ts-nocheck',
  '@@ts-expect-error',
  '/ <reference path="evil.d.ts" />',
  '// evil\n} declare const evil: 1',
  'evil */ } // declare const evil: 1',
  'x\u0085declare const evil: 1',
  'x\u000bdeclare const evil: 1',
  'Args:\n  a: evil\n  b: } declare const evil: 1',
  '(one of: evil)',
  '\\',
  '\\u000a',
  '*/ @ts-ignore',
  '\u202eevil\u202c',
  '\ud800',
  '</script>',
  '```\nevil\n```',
  'new',
  '[key: string]: any',
  '__proto__',
  'constructor',
]

const hostile = fc.oneof(
  fc.constantFrom(...ATTACKS),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.array(fc.constantFrom(...ATTACKS, '*', '/', '\n', '"'), { maxLength: 5 }).map((parts) => parts.join('')),
)

const schema: fc.Arbitrary<JsonObject> = fc.letrec<{ node: JsonObject }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3 },
    fc.record({ const: hostile, description: hostile }),
    fc.record({
      enum: fc.array(fc.oneof(hostile, fc.double(), fc.constant(null)), { maxLength: 4 }),
      default: hostile,
    }),
    fc.record({
      type: fc.oneof(fc.constantFrom('string', 'number'), hostile),
      format: hostile,
      title: hostile,
    }),
    fc.record({ $ref: hostile.map((name) => `#/$defs/${name}`) }),
    fc.record({ type: fc.constant('array'), items: tie('node') }),
    fc.record({ anyOf: fc.array(tie('node'), { maxLength: 3 }) }),
    fc.record({
      type: fc.constant('object'),
      properties: fc.dictionary(hostile, tie('node'), { maxKeys: 4 }),
      required: fc.array(hostile, { maxLength: 2 }),
      description: hostile,
      $defs: fc.dictionary(hostile, tie('node'), { maxKeys: 2 }),
    }),
  ),
})).node

const spec = fc
  .record({ server: hostile, name: hostile, description: hostile, inputSchema: schema, outputSchema: schema })
  .map(({ server, name, ...parts }) => toolSpec(server.replaceAll('.', ''), name, parts))

/** What a text declares, by the compiler's own reading: helper types, and the tools by server. Anything else is a failure. */
function declared(text: string): { types: string[]; tools: Record<string, string[]> } {
  const file = ts.createSourceFile('a.ts', text, ts.ScriptTarget.Latest, true)
  const types: string[] = []
  const tools: Record<string, string[]> = {}
  for (const statement of file.statements) {
    if (ts.isTypeAliasDeclaration(statement)) {
      types.push(statement.name.text)
      continue
    }
    if (!ts.isVariableStatement(statement)) throw new Error(`no declaration: ${statement.getText()}`)
    const [own, ...more] = statement.declarationList.declarations
    expect(own?.name.getText()).toBe('tools')
    expect(more).toEqual([])
    for (const [server, type] of membersOf(own?.type)) tools[server] = membersOf(type).map(([name]) => name)
  }
  return { types, tools }
}

function membersOf(type: ts.Node | undefined): [name: string, type: ts.TypeNode | undefined][] {
  if (type === undefined || !ts.isTypeLiteralNode(type))
    throw new Error(`no type literal: ${type?.getText()}`)
  return type.members.map((member) => {
    if (!ts.isPropertySignature(member) && !ts.isMethodSignature(member)) {
      throw new Error(`neither property nor method: ${member.getText()}`)
    }
    const { name } = member
    return [ts.isIdentifier(name) || ts.isStringLiteral(name) ? name.text : name.getText(), member.type]
  })
}

const UNSEEN = /[\p{Cf}\p{Co}\p{Cs}\p{DI}\p{Zl}\p{Zp}\r]/u

describe('texts of a stranger', () => {
  test('give declarations that compile and declare nothing else', async () => {
    const files: Record<string, string> = {}
    fc.assert(
      fc.property(fc.array(spec, { minLength: 1, maxLength: 6 }), (specs) => {
        const catalog = catalogOf(...specs)
        const soft = () => ({ type: schemaToType(specs[0]?.inputSchema), count: 3 })
        const text = printDeclarations(catalog.tools, catalog.names, { soft })
        expect(text).not.toMatch(UNSEEN)
        expect(text).not.toMatch(/(?<!\\)\$\{|```/)
        const { types, tools } = declared(text)
        expect(new Set(types).size).toBe(types.length)
        const expected: Record<string, string[]> = {}
        for (const each of catalog.tools) {
          const own = catalog.names.of(each.ref)
          const key = own?.serverIdentifier ?? ''
          expected[key] = [...(expected[key] ?? []), own?.toolIdentifier ?? '']
        }
        expect(tools).toEqual(expected)
        files[`f${Object.keys(files).length}.ts`] = `${text}export {}\n`
      }),
      { numRuns: 300, seed: 7 },
    )
    expect(await compile(files)).toEqual([])
  })

  test('give signatures of one line, whose comment nothing ends', () => {
    fc.assert(
      fc.property(spec, (one) => {
        const line = printSignature(one, catalogOf(one).names)
        expect(line).not.toMatch(UNSEEN)
        expect(line).not.toMatch(/\n/)
      }),
    )
  })

  test.each(ATTACKS)('%j is tamed in a comment and kept in a literal', (text) => {
    const comment = commentText(text, 200)
    expect(comment).not.toMatch(/\*\/|[\n\r\u2028\u2029\u202e\u200b]|\$\{|@ts-/)
    const literal = stringLiteral(text)
    expect(literal).not.toMatch(/[\n\r\u2028\u2029\u202e\u200b]/)
    expect(runInNewContext(literal)).toBe(text)
  })

  test('a description is cut with care', () => {
    expect(commentText('a'.repeat(50), 10)).toBe('aaaaaaaaa…')
    expect(commentText(`${'a'.repeat(8)}😀😀`, 10)).toBe('aaaaaaaa…')
    expect(cutText('One. Two three. Four five', 18)).toBe('One. Two three.…')
    expect(cutText('One two three four five', 16)).toBe('One two three…')
    expect(cutText(`${'a'.repeat(8)}😀😀`, 10)).toBe('aaaaaaaa…')
    expect(cutText('Short.', 10)).toBe('Short.')
  })
})
