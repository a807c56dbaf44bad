import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import type { AuditEvent } from '../../src/core/audit.ts'
import type { Store } from '../../src/core/store.ts'
import { createSeal } from '../../src/secrets/seal.ts'
import { openStore } from '../../src/store/store.ts'
import { newDatabase } from '../store/postgres.ts'
import { runOf } from '../store/house.ts'
import { createPlace, run, type Place } from './program.ts'

let place: Place
beforeEach(async () => {
  place = await createPlace()
})
afterEach(() => place.remove())

const clock = { nowMs: Date.now, monotonicMs: () => performance.now() }
const storeFile = (): string => join(place.folder, 'home', 'isogate.db')
const keysOf = (): readonly Buffer[] =>
  readFileSync(join(place.folder, 'home', 'store.key'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => Buffer.from(line, 'base64'))

const openHere = (where: { readonly path?: string; readonly url?: string }) =>
  openStore({ ...where, clock, random: randomBytes, seal: createSeal(keysOf(), randomBytes) })

async function changesOf({ audit }: Store): Promise<readonly unknown[]> {
  const rows = await audit.list({ kind: 'store.changed' })
  return rows.map(({ body }) => (JSON.parse(body) as AuditEvent).detail)
}

test('without a store there is nothing to back up, and none is made', async () => {
  const { code, stderr } = await run(place, ['db', 'backup', 'a.jsonl'])
  expect(code).toBe(1)
  expect(stderr).toContain('There is no store yet')
  expect(existsSync(storeFile())).toBe(false)
})

test('a store is made, backed up, and restored into a database of another kind', async () => {
  expect((await run(place, ['db', 'migrate'])).stdout).toContain('went from version 0 to 2')
  expect((await run(place, ['db', 'migrate'])).stdout).toContain('is up to date (version 2)')
  const store = await openHere({ path: storeFile() })
  await store.runs.save(runOf('r', 'ann', { code: 'return "canary"' }))
  // It is used all the while.
  const backup = await run(place, ['db', 'backup', 'a.jsonl', '--json'])
  await store.close()
  expect(JSON.parse(backup.stdout)).toEqual({ file: join(place.folder, 'a.jsonl'), rows: 3, version: 2 })
  expect(statSync(join(place.folder, 'a.jsonl')).mode & 0o777).toBe(0o600)
  expect(readFileSync(join(place.folder, 'a.jsonl'), 'utf8')).not.toContain('canary')
  expect((await run(place, ['db', 'backup', 'a.jsonl'])).code).toBe(1)

  const url = await newDatabase()
  await place.write('isogate.yaml', 'store: { url: "${env:STORE_URL}" }\nservers: {}\n')
  const other = { ...place, env: { ...place.env, STORE_URL: url } }
  const restored = await run(other, ['db', 'restore', 'a.jsonl'])
  expect(restored).toMatchObject({ code: 0, stderr: '' })
  expect(restored.stdout).toContain('3 rows')
  expect(restored.stdout).not.toContain(new URL(url).password)
  expect((await run(other, ['db', 'restore', 'a.jsonl'])).stderr).toContain('[already_there]')
  expect((await run(other, ['db', 'restore', 'a.jsonl', '--force'])).code).toBe(0)
  const there = await openHere({ url })
  expect((await there.runs.load('ann', 'r'))?.code).toBe('return "canary"')
  // Of the second alone: it has put away what the first had written.
  expect(await changesOf(there)).toEqual([{ what: 'restore', rows: 3, version: 2 }])
  await there.close()
})

test('a new key is made, and the old one opens nothing any more', async () => {
  await run(place, ['db', 'migrate'])
  const store = await openHere({ path: storeFile() })
  await store.runs.save(runOf('r'))
  await store.close()
  const [old] = keysOf()
  expect((await run(place, ['db', 'rekey', '--new-key'])).stdout).toContain('3 values')
  const [next, second] = keysOf()
  expect([second?.equals(old ?? Buffer.alloc(0)), next?.equals(old ?? Buffer.alloc(0))]).toEqual([
    true,
    false,
  ])
  const seal = createSeal([next ?? Buffer.alloc(0)], randomBytes)
  const again = await openStore({ path: storeFile(), clock, random: randomBytes, seal })
  expect((await again.runs.load('ann', 'r'))?.code).toBe('return 1')
  expect(await changesOf(again)).toEqual([{ what: 'rekey', values: 3 }])
  await again.close()
})

test('where there is no audit, nothing is recorded', async () => {
  await place.write('isogate.yaml', 'audit: { enabled: false }\nservers: {}\n')
  await run(place, ['db', 'migrate'])
  expect((await run(place, ['db', 'rekey'])).code).toBe(0)
  const store = await openHere({ path: storeFile() })
  expect(await changesOf(store)).toEqual([])
  await store.close()
})

test('a store in memory has nothing to work on', async () => {
  await place.write('isogate.yaml', 'store: { path: false }\nservers: {}\n')
  expect((await run(place, ['db', 'migrate'])).stderr).toContain('The store is in memory')
})
