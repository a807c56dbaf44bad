import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createKnownLists } from '../../src/known-lists.ts'
import type { StdioPlan } from '../../src/mcp/plan.ts'
import { callOf, closeAll, settle, start, stdioPlan } from './harness.ts'

let folder: string
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'isogate-known-'))))
afterEach(async () => {
  await closeAll()
  await rm(folder, { recursive: true, force: true })
})

const plan = (more: Partial<StdioPlan> = {}): StdioPlan =>
  stdioPlan('counting', [join(folder, 'starts'), join(folder, 'release')], { fingerprint: 'a', ...more })
const known = () => createKnownLists(join(folder, 'known'))

async function starts(): Promise<number> {
  const text = await readFile(join(folder, 'starts'), 'utf8').catch(() => '')
  return text.trim() === '' ? 0 : text.trim().split('\n').length
}

test('what a server listed is there at the next start before it has answered', async () => {
  const first = await settle(plan(), { known: known() })
  const names = first.backend.tools().map(({ ref }) => ref.name)
  await closeAll()
  const { backend } = start(plan(), { known: known() })
  expect(backend.status()).toEqual({ state: 'starting' })
  expect(backend.tools().map(({ ref }) => ref.name)).toEqual(names)
  expect(backend.tools()[0]?.definition).toEqual(first.backend.tools()[0]?.definition)
})

test('a server that is stopped until it is called need not be started to be listed', async () => {
  await settle(plan({ start: 'lazy' }), { known: known() })
  await closeAll()
  expect(await starts()).toBe(1)
  const { backend } = await settle(plan({ start: 'lazy' }), { known: known() })
  expect(backend.status()).toEqual({ state: 'ready' })
  expect(backend.tools()).not.toEqual([])
  expect(await starts()).toBe(1)
  await backend.call(callOf('pid'))
  expect(await starts()).toBe(2)
})

test('another server has another list', async () => {
  await settle(plan(), { known: known() })
  const { backend } = start(plan({ fingerprint: 'b' }), { known: known() })
  expect(backend.tools()).toEqual([])
})

test('the files are for their owner only, and say nothing of the key', async () => {
  await settle(plan({ fingerprint: 'a-hash-over-a-secret' }), { known: known() })
  const [file = ''] = await readdir(join(folder, 'known'))
  expect(file).toMatch(/^[0-9a-f]{32}\.json$/)
  expect((await stat(join(folder, 'known', file))).mode & 0o777).toBe(0o600)
  expect((await stat(join(folder, 'known'))).mode & 0o777).toBe(0o700)
})

test.each([
  ['no JSON', '{"tools": ['],
  ['another shape', '{"tools": {}, "offer": []}'],
  ['a list of nonsense', '{"tools": [1, null, {"name": 7}], "offer": {"prompts": 3, "resources": [{}]}}'],
  ['depth', `{"tools": ${'['.repeat(5_000)}${']'.repeat(5_000)}, "offer": {}}`],
])('a file with %s is as if it were not there', async (_what, text) => {
  await settle(plan(), { known: known() })
  await closeAll()
  const [file = ''] = await readdir(join(folder, 'known'))
  await writeFile(join(folder, 'known', file), text)
  const { backend } = start(plan(), { known: known() })
  expect(backend.tools()).toEqual([])
  await backend.settled()
  expect(backend.tools()).not.toEqual([])
})

test('a folder that cannot be written costs nothing but the next start', async () => {
  await writeFile(join(folder, 'known'), 'a file in the place of the folder')
  const { backend } = await settle(plan(), { known: known() })
  expect(backend.tools()).not.toEqual([])
})
