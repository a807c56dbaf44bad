import { describe, expect, test } from 'vitest'
import { createNames } from '../../src/catalog/names.ts'
import type { ToolRef } from '../../src/core/tool.ts'

const everything = () => true

function namesOf(...refs: [server: string, name: string][]) {
  const names = createNames(refs.map(([server, name]) => ({ server, name })))
  return { names, of: (server: string, name: string) => names.of({ server, name }) }
}

describe('exposed names', () => {
  test('are server__tool and keep what clients accept', () => {
    const { of } = namesOf(['github', 'list_issues'], ['my-server', 'foo-bar'])
    expect(of('github', 'list_issues')?.exposed).toBe('github__list_issues')
    expect(of('my-server', 'foo-bar')?.exposed).toBe('my-server__foo-bar')
  })

  test('replace other signs, and mark a name that lost letters', () => {
    const { of } = namesOf(['s', 'a.b/c'], ['s', 'resumé'], ['s', '获取价格'], ['s', '获取名称'])
    expect(of('s', 'a.b/c')?.exposed).toBe('s__a_b_c')
    expect(of('s', 'resumé')?.exposed).toBe('s__resume')
    expect(of('s', '获取价格')?.exposed).toMatch(/^s_______[0-9a-f]{8}$/)
    expect(of('s', '获取价格')?.exposed).not.toBe(of('s', '获取名称')?.exposed)
  })

  test('are at most 64 long, and a long one does not depend on what else is there', () => {
    const long = 'x'.repeat(80)
    const alone = namesOf(['s', long]).of('s', long)?.exposed
    expect(alone).toHaveLength(64)
    expect(namesOf(['s', `${long}y`], ['s', long], ['t', 'a']).of('s', long)?.exposed).toBe(alone)
  })

  test('a tool whose own name it is keeps it', () => {
    const { of } = namesOf(['s', 'a.b'], ['s', 'a_b'])
    expect(of('s', 'a_b')?.exposed).toBe('s__a_b')
    expect(of('s', 'a.b')?.exposed).toMatch(/^s__a_b_[0-9a-f]{8}$/)
  })

  test('two that join to the same text both step aside', () => {
    const { of } = namesOf(['a', 'b__c'], ['a__b', 'c'])
    expect(of('a', 'b__c')?.exposed).toMatch(/^a__b__c_/)
    expect(of('a__b', 'c')?.exposed).toMatch(/^a__b__c_/)
    expect(of('a', 'b__c')?.exposed).not.toBe(of('a__b', 'c')?.exposed)
  })
})

describe('identifiers', () => {
  test.each([
    ['list_issues', 'list_issues'],
    ['foo-bar', 'foo_bar'],
    ['2fa', '_2fa'],
    ['delete', 'delete'],
    ['class', 'class'],
    ['then', 'then_'],
    ['toJSON', 'toJSON_'],
    ['valueOf', 'valueOf_'],
    ['toString', 'toString_'],
    ['constructor', 'constructor_'],
    ['prototype', 'prototype_'],
    ['__proto__', '__proto___'],
    ['$search', '_$search'],
    ['获取价格', '获取价格'],
    ['a b', 'a_b'],
    ['a\u200bb', 'a_b'],
    ['a\u3164b', 'a_b'],
  ])('%s becomes %s', (native, identifier) => {
    expect(namesOf(['s', native]).of('s', native)?.toolIdentifier).toBe(identifier)
  })

  test('foo-bar steps aside for foo_bar', () => {
    const { of } = namesOf(['s', 'foo-bar'], ['s', 'foo_bar'], ['t', 'foo-bar'])
    expect(of('s', 'foo_bar')?.path).toBe('tools.s.foo_bar')
    expect(of('s', 'foo-bar')?.path).toMatch(/^tools\.s\.foo_bar_[0-9a-f]{8}$/)
    expect(of('t', 'foo-bar')?.path).toBe('tools.t.foo_bar')
  })

  test('servers follow the same rules', () => {
    const { of } = namesOf(['my-server', 'a'], ['then', 'a'])
    expect(of('my-server', 'a')?.path).toBe('tools.my_server.a')
    expect(of('then', 'a')?.path).toBe('tools.then_.a')
  })
})

describe('resolve', () => {
  const { names } = namesOf(['my-server', 'foo-bar'], ['my-server', 'a.b'], ['tools', 'x.y'], ['x', 'y'])

  test.each([
    'my-server.foo-bar',
    'my_server.foo_bar',
    'my-server.foo_bar',
    'my_server.foo-bar',
    'my-server__foo-bar',
    'tools.my_server.foo_bar',
    'tools.my-server.foo-bar',
  ])('accepts %s', (spelling) => {
    expect(names.resolve(spelling)).toEqual({ server: 'my-server', name: 'foo-bar' })
  })

  test('lets a native name win over a derived spelling', () => {
    expect(names.resolve('tools.x.y')).toEqual({ server: 'tools', name: 'x.y' })
    expect(names.resolve('tools.my_server.a.b')).toEqual({ server: 'my-server', name: 'a.b' })
  })

  test.each([
    '',
    '.',
    'my-server',
    'foo-bar',
    'My-Server.foo-bar',
    'my-server.FOO-BAR',
    '__proto__.constructor',
    'x'.repeat(5000),
  ])('knows nothing of %j', (spelling) => {
    expect(names.resolve(spelling)).toBeUndefined()
  })
})

describe('nearest', () => {
  const { names } = namesOf(['github', 'list_issues'], ['github', 'list_secrets'], ['slack', 'post_message'])

  test.each(['github.list_isues', 'github__list_isues', 'list_isues', 'tools.github.list_isues', 'issues'])(
    'finds list_issues for %s',
    (spelling) => {
      expect(names.nearest(spelling, everything)[0]).toEqual({ server: 'github', name: 'list_issues' })
    },
  )

  test('never names what is hidden', () => {
    const isVisible = (ref: ToolRef) => ref.name !== 'list_secrets'
    for (const spelling of ['github.list_secrets', 'list_secrets', 'github.list_secret', 'secrets'])
      expect(names.nearest(spelling, isVisible, 10).map((ref) => ref.name)).not.toContain('list_secrets')
  })
})
