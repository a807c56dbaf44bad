import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../src/core/json.ts'
import { printDeclarations } from '../../../src/catalog/stubs/declarations.ts'
import { catalogOf, toolSpec } from '../tool-specs.ts'
import { compile } from './compile.ts'

const node = {
  $ref: '#/$defs/Node',
  $defs: { Node: { type: 'object', properties: { next: { $ref: '#/$defs/Node' } } } },
}

const WORDS = (
  'new class delete function default import export return this typeof void with yield await async get set static readonly ' +
  'public private abstract declare in of if is keyof infer never unknown any object string enum interface type namespace'
).split(' ')

const catalog = catalogOf(
  toolSpec('github', 'list_issues', {
    description: 'Lists issues.\nSecond line.',
    inputSchema: {
      type: 'object',
      properties: {
        repo: { type: 'string', description: 'The repository.' },
        per_page: { type: 'integer', minimum: 1, maximum: 100, default: 30 },
        since: { type: 'string', format: 'date-time' },
      },
      required: ['repo'],
    },
    outputSchema: { type: 'object', properties: { total: { type: 'number' } }, required: ['total'] },
  }),
  toolSpec('github', 'ping'),
  toolSpec('github', 'foo-bar', { inputSchema: node, outputSchema: node }),
  toolSpec('github', 'foo_bar', { inputSchema: node }),
  toolSpec('github', 'anything', { inputSchema: { type: 'object', additionalProperties: true } }),
  toolSpec('my-server', 'opt', { inputSchema: { type: 'object', properties: { a: { type: 'string' } } } }),
  ...WORDS.map((word) => toolSpec('words', word)),
  toolSpec('名前', '获取', { description: '获取。' }),
)
const text = printDeclarations(catalog.tools, catalog.names)

describe('printDeclarations', () => {
  test('prints a tool with each description once', () => {
    const [spec] = catalog.tools
    expect(spec === undefined ? '' : printDeclarations([spec], catalog.names)).toBe(`declare const tools: {
github: {
list_issues(args: { // Lists issues. Second line.
 repo: string // The repository
 per_page?: number // 1..100, = 30
 since?: string // date-time
}): Promise<{ total: number }>
}
}
`)
  })

  test('prints no comments where none are wanted', () => {
    expect(printDeclarations(catalog.tools, catalog.names, { docs: false })).not.toMatch(/\/\/|\/\*/)
  })

  test('says how each thing is meant behind it, whatever its shape', () => {
    const described = (parts: JsonObject): JsonObject => ({ ...parts, description: 'Meant so.' })
    const catalogue = catalogOf(
      toolSpec('s', 't', {
        description: 'Does it',
        inputSchema: {
          properties: {
            list: described({ items: { properties: { a: described({ type: 'string' }) } } }),
            either: described({ anyOf: [{ type: 'null' }, { properties: { b: described({}) } }] }),
            plain: described({ properties: { c: { type: 'string' } } }),
          },
        },
      }),
    )
    expect(printDeclarations(catalogue.tools, catalogue.names)).toContain(`t(args?: { // Does it
 list?: { // Meant so
  a?: string // Meant so
 }[]
 either?: null | { // Meant so
  b?: unknown // Meant so
 }
 plain?: { c?: string } // Meant so
}): Promise<unknown>
`)
  })

  test('says nothing that the name says', () => {
    const catalogue = catalogOf(toolSpec('s', 'list_issues', { description: 'List issues.' }))
    expect(printDeclarations(catalogue.tools, catalogue.names)).not.toContain('//')
  })

  test('keeps the first sentences of a long description', () => {
    const catalogue = catalogOf(
      toolSpec('s', 't', { description: `${'One sentence. '.repeat(60)}${'word '.repeat(200)}` }),
    )
    const line = printDeclarations(catalogue.tools, catalogue.names).split('\n')[2] ?? ''
    expect(line).toMatch(/One sentence\.…$/)
    expect(line.length).toBeLessThan(1100)
  })

  test('gives each tool helper types of its own', () => {
    const declared = [...text.matchAll(/^type (\S+) =/gm)].map((match) => match[1])
    expect(declared).toHaveLength(3)
    expect(new Set(declared).size).toBe(3)
  })

  test('compiles, with any word as a name', async () => {
    expect(await compile({ 'a.ts': text })).toEqual([])
  })

  test('lets a script through that calls rightly, and none that does not', async () => {
    const right = `
const issues: { total: number } = await tools.github.list_issues({ repo: 'a', per_page: 2 })
await tools.github.ping()
await tools.github.ping({})
await tools.github.anything({ x: [1] })
await tools.my_server.opt()
await tools.words.delete()
await tools.words.new()
await tools.名前.获取()
await tools.github.foo_bar({ next: { next: {} } })
export { issues }
`
    const wrong = [
      'tools.github.list_issues()',
      'tools.github.list_issues({})',
      'tools.github.list_issues({ repo: 1 })',
      "tools.github.list_issues({ repo: 'a', perPage: 2 })",
      'tools.github.ping({ a: 1 })',
      'tools.github.nobody()',
      'tools.my_server.opt({ a: 1 })',
      'tools.github.foo_bar({ next: 1 })',
      'const x: string = await tools.github.ping()',
    ]
    const errors = await compile({
      'right.ts': text + right,
      ...Object.fromEntries(wrong.map((line, at) => [`wrong${at}.ts`, `${text}\n${line}\nexport {}\n`])),
    })
    expect(errors.filter((line) => line.startsWith('right'))).toEqual([])
    for (const [at, line] of wrong.entries())
      expect(
        errors.filter((error) => error.startsWith(`wrong${at}.ts`)),
        line,
      ).toHaveLength(1)
  })
})
