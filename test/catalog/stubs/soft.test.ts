import { describe, expect, test } from 'vitest'
import { printDeclarations } from '../../../src/catalog/stubs/declarations.ts'
import { schemaToType } from '../../../src/catalog/stubs/schema-type.ts'
import { printSignature } from '../../../src/catalog/stubs/signature.ts'
import type { SoftTypes } from '../../../src/catalog/stubs/soft-type.ts'
import { arrayOf, atom, objectOf } from '../../../src/catalog/stubs/type-node.ts'
import { catalogOf, toolSpec } from '../tool-specs.ts'
import { compile } from './compile.ts'

const learned = objectOf(
  [
    { name: 'id', optional: false, type: atom('number'), doc: '' },
    { name: 'odd key', optional: true, type: arrayOf(atom('string')), doc: '' },
  ],
  undefined,
)
const { tools, names } = catalogOf(
  toolSpec('s', 'seen'),
  toolSpec('s', 'unseen'),
  toolSpec('s', 'declared', { outputSchema: schemaToOutput('total') }),
)
const soft: SoftTypes = (ref) =>
  ref.name === 'unseen' ? undefined : { type: { type: learned, helpers: new Map() }, count: 12 }

function schemaToOutput(name: string) {
  return { type: 'object', properties: { [name]: { type: 'number' } }, required: [name] }
}

describe('a learned type', () => {
  test('is shown with its count, where nothing is declared', () => {
    const text = printDeclarations(tools, names, { soft })
    expect(text).toContain(
      'seen(args?: Record<string, never>): Promise<{ id: number; "odd key"?: string[] } /* seen 12x */>',
    )
    expect(text).toContain('unseen(args?: Record<string, never>): Promise<unknown>')
    expect(text).toContain('declared(args?: Record<string, never>): Promise<{ total: number }>')
  })

  test('is shown in the signature', () => {
    const [seen, unseen, declared] = tools.map((spec) => printSignature(spec, names, 'path', { soft }))
    expect(seen).toBe('tools.s.seen(): Promise<{ id: number, "odd key"?: string[] } /* seen 12x */>')
    expect(unseen).toBe('tools.s.unseen(): Promise<unknown>')
    expect(declared).toBe('tools.s.declared(): Promise<{ total: number }>')
  })

  test('is an error where it is a type, and none where it is `any`; what is declared is always one', async () => {
    const script = (name: string) => `export const value: string = (await tools.s.${name}()).none\n`
    const files = Object.fromEntries(
      (['type', 'any'] as const).flatMap((softAs) =>
        ['seen', 'unseen', 'declared'].map((name) => [
          `${softAs}_${name}.ts`,
          printDeclarations(tools, names, { soft, softAs, unknownAs: 'any' }) + script(name),
        ]),
      ),
    )
    const wrong = (await compile(files)).map((error) => error.slice(0, error.indexOf('.ts')))
    expect([...new Set(wrong)].sort()).toEqual(['any_declared', 'type_declared', 'type_seen'])
  })

  test('may have named types of its own', async () => {
    const node = { $ref: '#/$defs/N', $defs: { N: { properties: { next: { $ref: '#/$defs/N' } } } } }
    const text = printDeclarations(tools, names, { soft: () => ({ type: schemaToType(node), count: 1 }) })
    expect([...text.matchAll(/^type (\w+)/gm)].map((match) => match[1])).toEqual(['s_seen_N', 's_unseen_N'])
    expect(await compile({ 'a.ts': text })).toEqual([])
  })
})
