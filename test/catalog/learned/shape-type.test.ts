import { describe, expect, test } from 'vitest'

import type { Json } from '../../../src/core/json.ts'
import { isDataName } from '../../../src/catalog/learned/data-name.ts'
import { softTextOf } from './soft-text.ts'

describe('the type of what was seen', () => {
  test.each<[string, readonly Json[], string]>([
    ['a text', ['a', 'b'], 'string'],
    ['one of several kinds', ['a', 1, true], 'string | number | boolean'],
    ['more kinds than are shown', ['a', 1, true, [], {}], 'unknown'],
    ['what may be null', [null, 1], 'number | null'],
    ['nothing but null', [null], 'unknown'],
    ['an empty list', [[]], 'unknown[]'],
    ['an empty list first', [[], [1]], 'number[]'],
    ['an empty object', [{}], '{ [*]: unknown }'],
    ['members', [{ id: 1, name: 'a' }], '{ id: number, name: string }'],
    ['a member that is not always there', [{ id: 1 }, { id: 2, name: 'a' }], '{ id: number, name?: string }'],
    ['a member that may be null', [{ a: null }, { a: [1] }], '{ a: number[] | null }'],
    ['items that differ', [[{ id: 1 }, { id: 'x', up: null }]], '{ id: string | number, up?: unknown }[]'],
    ['one list of many kinds', [[1, 'a', null]], '(string | number | null)[]'],
  ])('%s', (_what, results, expected) => {
    const sorted = (text: string): readonly string[] => text.split(/( \| |[{}(),])/).toSorted()
    expect(sorted(softTextOf(...results))).toEqual(sorted(expected))
  })

  test('never holds a value', () => {
    const secret = 'hunter2'
    const text = softTextOf({
      token: secret,
      list: [secret],
      [`${secret} x`]: 1,
      inner: { [`${secret}@mail`]: secret },
    })
    expect(text).not.toContain(secret)
  })

  test('goes six levels deep', () => {
    const nest = (levels: number): Json => (levels === 0 ? 1 : { a: nest(levels - 1) })
    expect(softTextOf(nest(6))).toBe('{ a: { a: { a: { a: { a: { a: number } } } } } }')
    expect(softTextOf(nest(7))).toBe('{ a: { a: { a: { a: { a: { a: { [*]: unknown } } } } } } }')
  })
})

describe('maps', () => {
  const names = (count: number): readonly string[] =>
    Array.from(
      { length: count },
      (_, index) => `name${'abcdefghijklmnopqrstuvwxyz'[index % 26]}${'xyz'[Math.floor(index / 26)]}`,
    )
  const objectOf = (keys: readonly string[], value: (index: number) => Json): Json =>
    Object.fromEntries(keys.map((key, index) => [key, value(index)]))

  test.each([
    '12',
    '2024-05-01',
    '20240501',
    '550e8400-e29b-41d4-a716-446655440000',
    'abcdefab-cdef-abcd-efab-cdefabcdefab',
    'ann@example.com',
    '@ann@example.com',
    '/home/ann/notes.txt',
    'notes.txt',
    'https://example.com',
    'example.com',
    'deadbeef01',
    'commit-0a1b2c3d',
    'U024BE7LH',
    'user_4711',
    'order-981',
    'Ann Miller',
    'line\nbreak',
    'nul\u0000',
    '\u202egnirts',
    'Zürich',
    '日本',
    '__proto__',
    '',
    'x'.repeat(49),
    'ghp_16C7e42F292c6912E7710c838347Ae178B4a',
  ])('a name that looks like data is never kept: %j', (name) => {
    expect(isDataName(name)).toBe(true)
    expect(softTextOf({ [name]: { id: 1 } })).toBe('{ [*]: { id: number } }')
  })

  test.each([
    'id',
    'name',
    'created_at',
    'createdAt',
    'HTMLURL',
    'next-page',
    '_id',
    '$ref',
    '@type',
    '__typename',
    'address1',
    'line2',
    'sha256',
    'md5',
    'ipv4',
    'utf8_name',
    'x509',
    'base64',
    'defaced',
    'effective_date',
    'is_2fa_enabled',
    'constructor',
    'toString',
  ])('a name of a program stays a name: %s', (name) => {
    expect(isDataName(name)).toBe(false)
    expect(softTextOf({ [name]: 1 })).toBe(`{ ${name}: number }`)
  })

  test('one name that is data makes a map of the object, with the others', () => {
    expect(softTextOf({ total: 1, 'ann@example.com': { id: 1 } })).toBe('{ [*]: number | { id: number } }')
  })

  test('once a map, always a map', () => {
    expect(softTextOf({ a: 1 }, { '2024': 2 }, { b: 'x' })).toBe('{ [*]: string | number }')
  })

  test('more than 24 names that are all alike are keys', () => {
    expect(softTextOf(objectOf(names(24), () => 1))).toContain('nameax: number')
    expect(softTextOf(objectOf(names(25), () => 1))).toBe('{ [*]: number }')
    expect(softTextOf(objectOf(names(30), (index) => (index % 2 === 0 ? null : 'x')))).toBe(
      '{ [*]: string | null }',
    )
  })

  test('a wide record of many kinds shows the 24 names that were seen most', () => {
    const wide = objectOf(names(40), (index) => (index % 2 === 0 ? 'x' : 1))
    const text = softTextOf(
      wide,
      objectOf(names(40).slice(10, 34), (index) => (index % 2 === 0 ? 'x' : 1)),
    )
    expect(text.match(/name\w+: (?:string|number)/g)).toHaveLength(24)
    expect(text).toContain('[*]: unknown')
    expect(text).not.toContain(names(40)[0])
    expect(text).toContain(names(40)[12])
  })

  test('more than 64 names are keys, whatever they are of', () => {
    expect(softTextOf(objectOf(names(65), (index) => (index % 2 === 0 ? 'x' : 1)))).toBe(
      '{ [*]: string | number }',
    )
  })

  test('names that differ in a number alone are keys where there are many', () => {
    const series = (count: number): readonly string[] =>
      Array.from({ length: count }, (_, index) => `item${index}`)
    expect(softTextOf(objectOf(series(8), () => 1))).toContain('item1: number')
    expect(softTextOf(objectOf(series(9), () => 1))).toBe('{ [*]: number }')
  })

  test('people as names of objects that are all alike are not shown', () => {
    const person = { id: 1, role: 'admin' }
    const text = softTextOf({
      members: { ann: person, bob: person, carl: person, dora: { ...person, left: true } },
    })
    expect(text).toBe('{ members: { [*]: { id: number, left?: boolean, role: string } } }')
    expect(softTextOf({ from: { line: 1, column: 2 }, to: { line: 1, column: 3 } })).toContain(
      'from: { column',
    )
  })

  test('names that come and go are not shown', () => {
    const results = ['ann', 'bob', 'carl', 'dora', 'emil', 'fritz', 'gina', 'hugo'].map((name) => ({
      [name]: 1,
    }))
    expect(softTextOf(...results)).toBe('{ [*]: number }')
  })
})

describe('hostile results', () => {
  test('nesting of 10,000 levels', () => {
    const deep = JSON.parse('[{"a":'.repeat(5_000) + '1' + '}]'.repeat(5_000)) as Json
    expect(softTextOf(deep)).toBe(
      '{ a: { a: { a: { [*]: unknown }[] }[] }[] }[]'.replace('{ [*]: unknown }[]', 'unknown[]'),
    )
  })

  test('10,000 names, and names of 100,000 characters', () => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`k${index}`, { x: index }]))
    expect(softTextOf(many)).toBe('{ [*]: { x: number } }')
    expect(softTextOf({ ['a'.repeat(100_000)]: 1, ['a1'.repeat(50_000)]: 1 })).toBe('{ [*]: number }')
  })

  test('names that would break out of a type', () => {
    expect(softTextOf({ '}; declare const evil': 1, '*/': 2, '`${x}`': 'a' })).toBe(
      '{ [*]: string | number }',
    )
  })
})

describe('a huge result costs little', () => {
  test('what stands after a long list is seen', () => {
    const item = { id: 1, tags: [{ name: 'a', parts: [1, 2, 3] }], owner: { login: 'x', site: { url: 'u' } } }
    const result = {
      items: Array.from({ length: 20_000 }, () => item),
      page: { next: 2, links: { self: 'u' } },
    }
    expect(softTextOf(result)).toBe(
      '{ items: { id: number, owner: { login: string, site: { url: string } }, tags: { name: string, parts: number[] }[] }[], page: { links: { self: string }, next: number } }',
    )
  })

  test('no more than some thousand values are looked at', () => {
    let looks = 0
    const item = (): Json => ({
      get a(): number {
        looks++
        return 1
      },
    })
    const rows = Array.from({ length: 3_000 }, () => Array.from({ length: 40 }, item))
    softTextOf(
      Object.fromEntries(
        Array.from({ length: 60 }, (_, index) => [
          `f${'abcdefgh'[index % 8]}${'abcdefgh'[index >> 3]}`,
          rows,
        ]),
      ),
    )
    expect(looks).toBeGreaterThan(100)
    expect(looks).toBeLessThan(8_000)
  })
})
