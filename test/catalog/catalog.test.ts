import { describe, expect, test } from 'vitest'
import { createCatalog } from '../../src/catalog/catalog.ts'
import { diffCatalogs } from '../../src/catalog/diff.ts'
import { catalogOf, toolSpec } from './tool-specs.ts'

describe('createCatalog', () => {
  test('orders by server and keeps the order within it', () => {
    const catalog = catalogOf(toolSpec('b', 'z'), toolSpec('a', 'y'), toolSpec('b', 'a'), toolSpec('B', 'c'))
    expect(catalog.tools.map((spec) => `${spec.ref.server}.${spec.ref.name}`)).toEqual([
      'B.c',
      'a.y',
      'b.z',
      'b.a',
    ])
    expect(catalog.servers).toEqual([
      { server: 'B', identifier: 'B', tools: 1 },
      { server: 'a', identifier: 'a', tools: 1 },
      { server: 'b', identifier: 'b', tools: 2 },
    ])
  })

  test('keeps the first of two tools with one name and says so of the other', () => {
    const first = toolSpec('a', 'x', { description: 'first' })
    const quarantined = [{ server: 'z', name: '#3', reason: 'no name' }]
    const catalog = createCatalog({ revision: 7, specs: [first, toolSpec('a', 'x')], quarantined })
    expect(catalog.get('a.x')).toBe(first)
    expect(catalog.revision).toBe(7)
    expect(catalog.quarantined.map((tool) => [tool.server, tool.name])).toEqual([
      ['a', 'x'],
      ['z', '#3'],
    ])
  })

  test('cannot be changed', () => {
    const catalog = catalogOf(toolSpec('a', 'x'))
    expect(Object.isFrozen(catalog)).toBe(true)
    expect(Object.isFrozen(catalog.tools)).toBe(true)
    expect(Object.isFrozen(catalog.servers[0])).toBe(true)
  })

  test('finds by key and by spelling, and names only visible neighbours', () => {
    const catalog = catalogOf(toolSpec('my-server', 'do-it'), toolSpec('my-server', 'do-that'))
    expect(catalog.get('my-server.do-it')?.ref.name).toBe('do-it')
    expect(catalog.get('my_server.do_it')).toBeUndefined()
    expect(catalog.resolve('tools.my_server.do_it')?.ref.name).toBe('do-it')
    const near = catalog.nearest('my-server.do-i', (spec) => spec.ref.name !== 'do-it')
    expect(near.map((spec) => spec.ref.name)).toEqual(['do-that'])
  })
})

describe('diffCatalogs', () => {
  test('tells what was added, removed and changed', () => {
    const before = catalogOf(
      toolSpec('a', 'same'),
      toolSpec('a', 'gone'),
      toolSpec('a', 'other', { description: 'old' }),
    )
    const after = catalogOf(
      toolSpec('a', 'same'),
      toolSpec('a', 'new'),
      toolSpec('a', 'other', { description: 'new' }),
    )
    expect(diffCatalogs(before, after)).toEqual({
      added: ['a.new'],
      removed: ['a.gone'],
      changed: ['a.other'],
    })
  })

  test('does not mind the order of members, and sees a difference however deep', () => {
    const nest = (core: string) => JSON.parse(`${'{"items":'.repeat(20_000)}${core}${'}'.repeat(20_000)}`)
    const withDefinition = (definition: object) =>
      catalogOf(toolSpec('a', 'x', { definition: { ...definition } }))
    expect(diffCatalogs(withDefinition({ a: 1, b: 2 }), withDefinition({ b: 2, a: 1 })).changed).toEqual([])
    expect(diffCatalogs(withDefinition(nest('1')), withDefinition(nest('1'))).changed).toEqual([])
    expect(diffCatalogs(withDefinition(nest('1')), withDefinition(nest('2'))).changed).toEqual(['a.x'])
    expect(diffCatalogs(withDefinition({ a: [] }), withDefinition({ a: {} })).changed).toEqual(['a.x'])
  })
})
