import { describe, expect, it } from 'vitest'

import { toFillers } from '../../../src/bench/catalog/fillers.ts'
import { generateCatalog } from '../../../src/bench/catalog/generate.ts'
import { createCatalog } from '../../../src/catalog/catalog.ts'
import { SERVER_NAME_PATTERN, toolKey, type ToolSpec } from '../../../src/core/tool.ts'

function spec(server: string, name: string): ToolSpec {
  const inputSchema = { type: 'object' }
  return { ref: { server, name }, inputSchema, definition: { name, inputSchema } }
}

const NONE: ReadonlySet<string> = new Set()

describe('toFillers', () => {
  it('takes the first ones as they are', () => {
    const source = generateCatalog(100)
    expect(toFillers(source, 60, new Set(['orders', 'stock']))).toEqual(source.slice(0, 60))
    expect(toFillers(source, 100, NONE)).toEqual(source)
    expect(toFillers(source, 0, NONE)).toEqual([])
  })

  it('says how many are missing', () => {
    const few = [spec('a', 'x')]
    expect(() => toFillers(few, 2, NONE)).toThrow(
      expect.objectContaining({
        code: 'config_invalid',
        message: expect.stringMatching(/has 1 tools, and 2 are needed/),
      }),
    )
  })

  it('renames a server that a task has too, and keeps its tools', () => {
    const source = [spec('mail', 'send'), spec('fleet', 'a'), spec('mail', 'list'), spec('mail-other', 'b')]
    expect(toFillers(source, 4, new Set(['mail'])).map(({ ref }) => toolKey(ref))).toEqual([
      'mail-other-2.send',
      'fleet.a',
      'mail-other-2.list',
      'mail-other.b',
    ])
  })

  it('gives a server the same name whatever the count', () => {
    const source = [spec('mail', 'send'), spec('fleet', 'a'), spec('mail-other', 'b')]
    const taken = new Set(['mail'])
    expect(toFillers(source, 1, taken)).toEqual(toFillers(source, 3, taken).slice(0, 1))
  })

  it('never takes the path or the exposed name of a tool of a task', () => {
    const own = [spec('my-files', 'read_file'), spec('mail', 'send')]
    const source = [
      spec('my_files', 'read_file'),
      spec('my-files', 'read_file'),
      spec('mail', 'send'),
      spec('x'.repeat(32), 'y'),
    ]
    const fillers = toFillers(source, 4, new Set(['my-files', 'mail', 'x'.repeat(32)]))
    for (const { ref } of fillers) expect(ref.server).toMatch(SERVER_NAME_PATTERN)
    const { names } = createCatalog({ revision: 1, specs: [...fillers, ...own] })
    const alone = createCatalog({ revision: 1, specs: own }).names
    for (const { ref } of own) expect(names.of(ref)).toEqual(alone.of(ref))
    expect(new Set(fillers.map(({ ref }) => toolKey(ref))).size).toBe(4)
  })
})
