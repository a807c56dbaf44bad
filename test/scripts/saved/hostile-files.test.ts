import { mkfifoSync } from './fifo.ts'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { afterEach, expect, test } from 'vitest'

import { openScriptHouse, TITLES, TITLES_FILES, type ScriptHouse } from './house.ts'

let house: ScriptHouse
afterEach(() => house.close())

const MANIFEST = TITLES_FILES['scripts/titles.json']

/** The names that can be used, and the reasons of those that cannot. */
function state(): {
  readonly usable: readonly string[]
  readonly unusable: Readonly<Record<string, string>>
} {
  return {
    usable: house.saved.backend.tools().map(({ ref }) => ref.name),
    unusable: Object.fromEntries(house.saved.backend.quarantined().map(({ name, reason }) => [name, reason])),
  }
}

const WITH_BAD_MANIFESTS: readonly (readonly [what: string, text: string, reason: RegExp])[] = [
  ['no JSON', '{', /not valid JSON/],
  ['a list', '[]', /expected/i],
  ['an unknown member', JSON.stringify({ ...(JSON.parse(MANIFEST) as object), allow: '*' }), /allow/],
  ['no description', JSON.stringify({ input: { type: 'object' }, uses: [] }), /description/],
  [
    'an input that is no object',
    JSON.stringify({ description: 'x', input: { type: 'string' }, uses: [] }),
    /input/,
  ],
  [
    'a tool without a server',
    JSON.stringify({ description: 'x', input: { type: 'object' }, uses: ['list'] }),
    /uses/,
  ],
  [
    'thousands of tools',
    JSON.stringify({ description: 'x', input: { type: 'object' }, uses: Array(5_000).fill('a.b') }),
    /uses/,
  ],
  [
    'a deep schema',
    `{"description":"x","uses":[],"input":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}}`,
    /deep/,
  ],
  ['more than it may be', JSON.stringify({ description: 'x'.repeat(300_000) }), /larger/],
]

test.each(WITH_BAD_MANIFESTS)('a manifest that is %s costs only itself', (_what, text, reason) => {
  house = openScriptHouse({
    files: { ...TITLES_FILES, 'scripts/bad.ts': 'return 1', 'scripts/bad.json': text },
  })
  expect(state().usable).toEqual(['titles'])
  expect(state().unusable['bad']).toMatch(reason)
  expect(house.warnings.join()).toContain('scripts.bad')
})

test('files of others in a folder of this name are left alone', () => {
  house = openScriptHouse({
    files: {
      ...TITLES_FILES,
      'scripts/build.ts': 'console.log(1)',
      'scripts/package.json': '{"name":"x"}',
      'scripts/README.md': '# x',
      'scripts/nested/inner.json': MANIFEST,
      'scripts/Upper.json': MANIFEST,
      'scripts/Upper.ts': 'return 1',
      'scripts/a b.json': MANIFEST,
    },
  })
  expect(state()).toEqual({ usable: ['titles'], unusable: {} })
})

test('a manifest whose code is missing says so', () => {
  house = openScriptHouse({ files: { 'scripts/alone.json': MANIFEST } })
  expect(state().unusable['alone']).toContain('alone.ts is missing')
})

test('links, folders and pipes are not read', () => {
  house = openScriptHouse({ files: { 'outside.ts': 'return 1', 'outside.json': MANIFEST } })
  const at = (name: string): string => join(house.folder, 'scripts', name)
  mkdirSync(at('folder.ts'), { recursive: true })
  writeFileSync(at('folder.json'), MANIFEST)
  symlinkSync(join(house.folder, 'outside.ts'), at('linked.ts'))
  writeFileSync(at('linked.json'), MANIFEST)
  symlinkSync(join(house.folder, 'outside.json'), at('sly.json'))
  writeFileSync(at('sly.ts'), TITLES)
  mkfifoSync(at('pipe.ts'))
  writeFileSync(at('pipe.json'), MANIFEST)
  house.saved.reload()
  expect(state().usable).toEqual([])
  expect(state().unusable).toMatchObject({
    folder: expect.stringContaining('not a regular file'),
    linked: expect.stringContaining('a link'),
    sly: expect.stringContaining('a link'),
    pipe: expect.stringContaining('not a regular file'),
  })
})

test('code that is too large, or no text, costs only itself', () => {
  house = openScriptHouse({
    files: {
      ...TITLES_FILES,
      'scripts/big.ts': '/'.repeat(262_145),
      'scripts/big.json': MANIFEST,
      'scripts/raw.json': MANIFEST,
    },
  })
  writeFileSync(join(house.folder, 'scripts/raw.ts'), Buffer.from([0xff, 0xfe, 0x00]))
  house.saved.reload()
  expect(state().usable).toEqual(['titles'])
  expect(state().unusable).toMatchObject({
    big: expect.stringContaining('larger'),
    raw: expect.stringContaining('UTF-8'),
  })
})

test('of too many scripts the first ones are used, and that is told', async () => {
  const files = Object.fromEntries(
    Array.from({ length: 203 }, (_, index) => `s${String(index).padStart(3, '0')}`).flatMap((name) => [
      [`scripts/${name}.ts`, 'return 1'],
      [`scripts/${name}.json`, JSON.stringify({ description: name, input: { type: 'object' }, uses: [] })],
    ]),
  )
  house = openScriptHouse({ files })
  expect(state().usable).toHaveLength(200)
  expect((await house.saved.desk.list()).problems.join()).toContain('more than 200')
})

test.each([
  ['no JSON', '{'],
  ['another version', '{"version":2,"tools":{},"aliases":{}}'],
  ['a hash that is none', '{"version":1,"tools":{"a.b":{"schema":"x"}},"aliases":{}}'],
])('a lock that is %s is told, never written over, and stops no script', async (_what, text) => {
  house = openScriptHouse({ files: { ...TITLES_FILES, 'isogate.lock': text } })
  const { problems } = await house.saved.desk.check(
    { id: 'keeper', kind: 'local' },
    { update: true, signal: new AbortController().signal },
  )
  expect(problems.join()).toContain('isogate.lock')
  expect((await house.call('scripts.titles', { repo: 'x' })).isError).toBeUndefined()
})

test('names that mean something to a language are names and nothing else', async () => {
  const aliases =
    '{"version":1,"tools":{},"aliases":{"tracker.__proto__":"tracker.close_issue","tracker.constructor":"tracker.close_issue"}}'
  const manifest = JSON.stringify({
    description: 'x',
    input: { type: 'object' },
    uses: ['tracker.toString', 'tracker.__proto__x'],
  })
  house = openScriptHouse({
    files: {
      'isogate.lock': aliases,
      'scripts/constructor.ts': 'return 1',
      'scripts/constructor.json': manifest,
    },
  })
  expect(state().usable).toEqual(['constructor'])
  await expect(house.call('scripts.constructor')).rejects.toMatchObject({ code: 'script_check' })
})
