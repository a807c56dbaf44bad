import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { generateCatalog } from '../../../src/bench/catalog/generate.ts'
import { readCatalog } from '../../../src/bench/catalog/read-catalog.ts'
import { GatewayError } from '../../../src/core/errors.ts'
import { RESERVED_SERVER_NAMES, SERVER_NAME_PATTERN, toolKey } from '../../../src/core/tool.ts'
import { HAS_SHARED_DATA, SKIPPED } from '../../catalog/shared-data.ts'

const SCHEMA = { type: 'object', properties: { id: { type: 'string' } } }

function tool(server: string | undefined, name: string, more: object = {}): object {
  return { ...(server === undefined ? {} : { server }), name, inputSchema: SCHEMA, ...more }
}

function read(root: unknown) {
  return readCatalog(JSON.stringify(root), 'mine.json')
}

function keysOf(root: unknown): readonly string[] {
  return read(root).map(({ ref }) => toolKey(ref))
}

function failureOf(text: string): GatewayError {
  try {
    readCatalog(text, 'mine.json')
  } catch (error) {
    if (error instanceof GatewayError) return error
    throw error
  }
  throw new Error('It was read.')
}

describe('readCatalog', () => {
  it.each([
    ['a list', [tool('fleet', 'list_trips')], 'fleet.list_trips'],
    ['an object with a list', { tools: [tool('fleet', 'list_trips')], version: 3 }, 'fleet.list_trips'],
    [
      'an answer to tools/list',
      { tools: [tool(undefined, 'list_trips')], nextCursor: 'x' },
      'tools.list_trips',
    ],
    ['one in its envelope', { jsonrpc: '2.0', id: 1, result: { tools: [tool(undefined, 'a')] } }, 'tools.a'],
  ])('reads %s', (_what, root, key) => {
    expect(keysOf(root)).toEqual([key])
  })

  it('keeps the members of a definition and no others', () => {
    const known = { title: 'T', description: 'D', outputSchema: SCHEMA, annotations: { readOnlyHint: true } }
    const [spec] = read([tool('fleet', 'a', { ...known, id: 7, licence: 'x', _meta: {} })])
    expect(spec).toEqual({
      ref: { server: 'fleet', name: 'a' },
      inputSchema: SCHEMA,
      ...known,
      definition: { name: 'a', inputSchema: SCHEMA, ...known },
    })
  })

  it('takes null for a member that is not there', () => {
    const [spec] = read([
      tool('fleet', 'a', { description: null, outputSchema: null, annotations: null, title: null }),
    ])
    expect(spec?.definition).toEqual({ name: 'a', inputSchema: SCHEMA })
  })

  it('makes names of servers fit, and leaves those alone that do', () => {
    const servers = [
      '@one/weather',
      '@one_weather',
      'one-weather',
      'code',
      'x'.repeat(40),
      `${'x'.repeat(39)}y`,
      'été',
      '漢字',
      'one-weather',
    ]
    expect(keysOf(servers.map((server, index) => tool(server, `t${index}`)))).toEqual([
      'one-weather-2.t0',
      'one_weather.t1',
      'one-weather.t2',
      'code-server.t3',
      `${'x'.repeat(32)}.t4`,
      `${'x'.repeat(30)}-2.t5`,
      'ete.t6',
      'server.t7',
      'one-weather.t8',
    ])
  })

  it('does not give a server another name because more tools follow', () => {
    const some = ['@a/b', '@a-b', 'a b'].map((server) => tool(server, 't'))
    expect(keysOf([...some, tool('@a//b', 't')]).slice(0, 3)).toEqual(keysOf(some))
  })

  it('drops and counts a tool that has the name of an earlier one', () => {
    const counts: number[] = []
    const text = JSON.stringify([
      tool('a', 'x', { title: '1' }),
      tool('a', 'x', { title: '2' }),
      tool('b', 'x'),
      tool('a', 'x'),
    ])
    const specs = readCatalog(text, 'mine.json', (count) => counts.push(count))
    expect(specs.map(({ ref, title }) => [toolKey(ref), title])).toEqual([
      ['a.x', '1'],
      ['b.x', undefined],
    ])
    expect(counts).toEqual([2])
  })

  it.each([
    ['nothing', '', 'mine.json is not JSON'],
    ['half a document', '[{"name":', 'mine.json is not JSON'],
    ['a number', '3', 'found a number'],
    ['an object without tools', '{"servers": []}', '`tools`; found nothing'],
    [
      'a tool that is none',
      '[{"name":"a","inputSchema":{}}, 5]',
      'mine.json: tool 1: expected an object; found a number',
    ],
    ['no name', '[{"inputSchema":{}}]', 'tool 0: `name` must be text that is not empty; found nothing'],
    ['an empty name', '[{"name":"","inputSchema":{}}]', 'found empty text'],
    [
      'a long name',
      `[{"name":"${'n'.repeat(129)}","inputSchema":{}}]`,
      '`name` must be at most 128 characters',
    ],
    [
      'a name for a terminal',
      String.raw`[{"name":"a\u001b[2J","inputSchema":{}}]`,
      '`name` must be text without control',
    ],
    ['no schema', '[{"name":"a"}]', '`inputSchema` must be an object; found nothing'],
    ['a list as schema', '[{"name":"a","inputSchema":[]}]', '`inputSchema` must be an object; found a list'],
    [
      'a schema of a text',
      '[{"name":"a","inputSchema":{"type":"string"}}]',
      '`inputSchema.type` must be the word "object"; found other text',
    ],
    [
      'a description that is none',
      '[{"name":"a","inputSchema":{},"description":4}]',
      '`description` must be text; found a number',
    ],
    [
      'an output that is none',
      '[{"name":"a","inputSchema":{},"outputSchema":true}]',
      '`outputSchema` must be an object; found a boolean',
    ],
    [
      'annotations that are none',
      '[{"name":"a","inputSchema":{},"annotations":[]}]',
      '`annotations` must be an object; found a list',
    ],
    [
      'a title that is none',
      '[{"name":"a","inputSchema":{},"title":{}}]',
      '`title` must be text; found an object',
    ],
    [
      'a server that is none',
      '[{"name":"a","inputSchema":{},"server":9}]',
      '`server` must be text that is not empty; found a number',
    ],
    [
      'depth',
      `[{"name":"a","inputSchema":${'{"a":'.repeat(70)}1${'}'.repeat(70)}}]`,
      'nested deeper than 64 levels',
    ],
    ['a hostile depth', '['.repeat(200_000), 'mine.json'],
    [
      'a hostile schema',
      `[{"name":"a","inputSchema":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}]`,
      'mine.json',
    ],
    ['a large definition', `[{"name":"a","inputSchema":{"x":"${'x'.repeat(600_000)}"}}]`, '512 kB'],
    ['too many tools', `[${'1,'.repeat(100_000)}1]`, '100000 tools at the most; this one has 100001'],
    ['too many bytes', `"${'ü'.repeat(27_000_000)}"`, '50 MB at the most'],
  ])('refuses %s', (_what, text, words) => {
    const { code, message } = failureOf(text)
    expect(code).toBe('config_invalid')
    expect(message).toContain(words)
  })

  it('never shows a terminal what it obeys', () => {
    expect(failureOf('[\u001b[2J]').message).not.toContain('\u001b')
  })

  it('names ten thousand servers that look alike', () => {
    const servers = Array.from({ length: 10_000 }, (_, index) =>
      tool(`${'@'.repeat(index % 100)}x${'/'.repeat(index / 100)}`, 't'),
    )
    expect(new Set(keysOf(servers)).size).toBe(10_000)
  })

  it('gives back the generated catalog as it was written', () => {
    const made = generateCatalog(300)
    expect(read(made.map(({ ref, definition }) => ({ server: ref.server, ...definition })))).toEqual(made)
  })

  it('reads any JSON, or says with a code why not', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.boolean(), (value, isList) => {
        const text = JSON.stringify(isList ? [value] : { tools: value })
        expect(outcomeOf(text)).toBe('fine')
      }),
    )
  })

  it('reads any text, or says with a code why not', () => {
    const whole = JSON.stringify(
      generateCatalog(3).map(({ ref, definition }) => ({ server: ref.server, ...definition })),
    )
    const sign = fc.oneof(
      fc.constantFrom('"', '{', '}', '[', ']', ',', ':', 'null', '9', '\\'),
      fc.nat(0xffff).map((code) => String.fromCharCode(code)),
    )
    const place = fc.nat(whole.length)
    fc.assert(
      fc.property(place, fc.nat(40), fc.array(sign, { maxLength: 5 }), (start, removed, signs) => {
        const broken = `${whole.slice(0, start)}${signs.join('')}${whole.slice(start + removed)}`
        for (const text of [broken, signs.join('')]) expect(outcomeOf(text)).toBe('fine')
      }),
      { numRuns: 300 },
    )
  })

  it('makes of any names a catalog that a gateway takes', () => {
    const name = fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' })
    const server = fc.oneof(
      name,
      fc.constantFrom(...RESERVED_SERVER_NAMES, '__proto__', 'toString', 'a', 'A', '-', '@a'),
    )
    fc.assert(
      fc.property(
        fc.array(fc.record({ server, name: fc.constantFrom('x', 'y', '__proto__') }), { maxLength: 30 }),
        (pairs) => {
          const specs = read(pairs.map((pair) => tool(pair.server, pair.name)))
          for (const { ref } of specs) {
            expect(ref.server).toMatch(SERVER_NAME_PATTERN)
            expect(RESERVED_SERVER_NAMES).not.toContain(ref.server)
          }
          const distinct = new Set(pairs.map((pair) => JSON.stringify([pair.server, pair.name])))
          expect(new Set(specs.map(({ ref }) => toolKey(ref))).size).toBe(distinct.size)
        },
      ),
    )
  })

  it.skipIf(!HAS_SHARED_DATA)(`reads the real tools in their order${SKIPPED}`, () => {
    const text = readFileSync(resolve(import.meta.dirname, '../../../../shared/data/tools.json'), 'utf8')
    const counts: number[] = []
    const specs = readCatalog(text, 'tools.json', (count) => counts.push(count))
    const raw = JSON.parse(text) as readonly { readonly server: string; readonly name: string }[]
    const first = new Map(raw.map(({ server, name }) => [JSON.stringify([server, name]), name]))
    expect(specs.length + (counts[0] ?? 0)).toBe(raw.length)
    expect(counts[0]).toBeLessThan(40)
    expect(specs.slice(0, 508)).toHaveLength(508)
    expect(specs.map(({ ref }) => ref.name)).toEqual([...first.values()])
  })
})

/** `fine` where it was read, or refused with a code; otherwise what went wrong. */
function outcomeOf(text: string): string {
  try {
    readCatalog(text, 'mine.json')
    return 'fine'
  } catch (error) {
    return error instanceof GatewayError && error.code === 'config_invalid' ? 'fine' : String(error)
  }
}
