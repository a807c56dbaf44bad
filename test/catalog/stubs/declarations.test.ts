import { describe, expect, test } from 'vitest'
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
  readonly github: {
    /** Lists issues. Second line. */ list_issues(args: {
      /** The repository. */ repo: string
      /** (>= 1, <= 100, default 30) */ per_page?: number
      /** (date-time) */ since?: string
    }): Promise<{ total: number }>
  }
}
`)
  })

  test('prints no comments where none are wanted', () => {
    expect(printDeclarations(catalog.tools, catalog.names, { docs: false })).not.toContain('/**')
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
