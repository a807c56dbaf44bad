import { expect, test } from 'vitest'

import { compileConfig } from '../../src/config/compile.ts'
import { configOf, issuesOf } from './ports.ts'

async function storeOf(text: string) {
  return compileConfig(await configOf(text), '/etc/isogate').store
}

const DEFAULTS = { handleBytes: 268_435_456, handleTtlMs: 3_600_000, runTtlMs: 604_800_000 }

test('without a section the file is left to the state folder', async () => {
  expect(await storeOf('servers: {}')).toEqual(DEFAULTS)
})

test('a path begins at the configuration, and false means in memory', async () => {
  expect(await storeOf('store: { path: data/my.db }')).toEqual({
    ...DEFAULTS,
    path: '/etc/isogate/data/my.db',
  })
  expect(await storeOf('store: { path: /var/lib/my.db }')).toMatchObject({ path: '/var/lib/my.db' })
  expect(await storeOf('store: { path: false, handleBytes: 0, runTtlMs: 1000 }')).toMatchObject({
    path: false,
    handleBytes: 0,
    runTtlMs: 1_000,
  })
})

test.each([
  ['store: { path: true }', 'path'],
  ['store: { path: "" }', 'path'],
  ['store: { handleTtlMs: 10 }', 'handleTtlMs'],
  ['store: { handleBytes: -1 }', 'handleBytes'],
  ['store: { size: 1 }', 'size'],
])('refuses %s', async (text, word) => {
  expect((await issuesOf(text)).join('\n')).toContain(word)
})
