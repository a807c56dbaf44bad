import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'

import { describe, expect, onTestFinished, test, vi } from 'vitest'

import { GatewayError } from '../../src/core/errors.ts'
import { codeOf, inTurn } from './contract.ts'
import { createTestClock, makeFolder, openTestStore, runOf } from './house.ts'

const DAY_MS = 86_400_000
const AUDIT_BODY = { body: '{}', atMs: 1, kind: 'call', principal: 'ann', outcome: 'ok' } as const

async function failureOf(path: string): Promise<GatewayError> {
  try {
    await openTestStore({ path })
  } catch (error) {
    if (error instanceof GatewayError) return error
    throw error
  }
  throw new Error('it was opened')
}

describe('the file', () => {
  test('is readable by its owner only, and so is the folder that is made for it', async () => {
    const path = join(makeFolder(), 'deep', 'state', 'isogate.db')
    const { store } = await openTestStore({ path })
    await store.runs.save(runOf('r'))
    const modes = [path, `${path}-wal`, `${path}-shm`, dirname(path)].map(
      (file) => statSync(file).mode & 0o777,
    )
    expect(modes).toEqual([0o600, 0o600, 0o600, 0o700])
  })

  test('that others could read is closed to them', async () => {
    const path = join(makeFolder(), 'isogate.db')
    await (await openTestStore({ path })).store.close()
    chmodSync(path, 0o644)
    await openTestStore({ path })
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  test('has all that was written when it is opened again', async () => {
    const path = join(makeFolder(), 'isogate.db')
    const { store, clock } = await openTestStore({ path })
    const handle = (await store.handles.keep('ann', { json: '1', kind: 'value' })) ?? ''
    await store.runs.save(runOf('r'))
    await store.shapes.save('a', { shape: { string: true }, samples: 1, results: 1 })
    store.usage.add('a.b', 3)
    await store.close()
    const again = (await openTestStore({ path, clock })).store
    expect((await again.handles.open('ann', handle))?.json).toBe('1')
    expect((await again.runs.load('ann', 'r'))?.id).toBe('r')
    expect([(await again.shapes.load()).size, (await again.usage.load()).get('a.b')]).toEqual([1, 3])
  })

  test('may be a link to one', async () => {
    const folder = makeFolder()
    mkdirSync(join(folder, 'real'))
    const path = join(folder, 'link.db')
    await (await openTestStore({ path: join(folder, 'real', 'isogate.db') })).store.close()
    symlinkSync(join(folder, 'real', 'isogate.db'), path)
    const { store } = await openTestStore({ path })
    expect((await store.runs.save(runOf('r'))).id).toBe('r')
    expect((await store.audit.append([AUDIT_BODY])).seq).toBe(1)
  })

  test('of a newer version is left alone', async () => {
    const path = join(makeFolder(), 'isogate.db')
    await (await openTestStore({ path })).store.close()
    const database = new DatabaseSync(path)
    database.exec('INSERT INTO migration VALUES (999, 0); CREATE TABLE future (a)')
    database.close()
    const before = readFileSync(path)
    const { code, message } = await failureOf(path)
    expect([code, message.includes('999')]).toEqual(['store_newer', true])
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  test('of another program is left alone', async () => {
    const path = join(makeFolder(), 'places.sqlite')
    const database = new DatabaseSync(path)
    database.exec('CREATE TABLE bookmarks (url TEXT)')
    database.close()
    const before = readFileSync(path)
    const { code, message } = await failureOf(path)
    expect([code, message.includes('another program')]).toEqual(['store_unusable', true])
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  test('that is no database, or a torn one, says what to do', async () => {
    const folder = makeFolder()
    const text = join(folder, 'text.db')
    writeFileSync(text, 'these are not the pages that you look for\n'.repeat(500))
    const torn = join(folder, 'torn.db')
    const { store } = await openTestStore({ path: torn })
    for (let index = 0; index < 200; index++) await store.runs.save(runOf(`r${index}`))
    await store.close()
    const bytes = readFileSync(torn)
    bytes.fill(0x5a, 8_192, bytes.length - 4_096)
    writeFileSync(torn, bytes)
    for (const path of [text, torn]) {
      const { code, message } = await failureOf(path)
      expect(code).toBe('store_unusable')
      expect(message).toContain(path)
      expect(message).toContain('move it away')
    }
  })

  test('where none can be made says so', async () => {
    const folder = makeFolder()
    writeFileSync(join(folder, 'file'), '')
    mkdirSync(join(folder, 'folder.db'))
    expect((await failureOf(join(folder, 'file', 'isogate.db'))).code).toBe('store_unusable')
    const mode = statSync(join(folder, 'folder.db')).mode
    expect((await failureOf(join(folder, 'folder.db'))).code).toBe('store_unusable')
    expect(statSync(join(folder, 'folder.db')).mode).toBe(mode)
  })
})

describe('what ran out', () => {
  test('is taken from the file when it is opened', async () => {
    const path = join(makeFolder(), 'isogate.db')
    const { store, clock } = await openTestStore({ path })
    for (let index = 0; index < 5; index++) {
      await store.handles.keep('ann', { json: '1', kind: 'value' })
      await store.runs.save(runOf(`r${index}`))
    }
    const totals = { runs: 1, calls: 1, turnsAvoided: 1, directTokens: 1, usedTokens: 1 }
    await store.savings.add({ ...totals, atMs: clock.nowMs(), principal: 'ann', method: 'm' })
    await store.close()
    const counts = (): readonly unknown[] => {
      const database = new DatabaseSync(path)
      const found = ['handle', 'run', 'savings'].map(
        (table) => database.prepare(`SELECT count(*) AS count FROM ${table}`).get()?.['count'],
      )
      database.close()
      return found
    }
    expect(counts()).toEqual([5, 5, 1])
    const later = createTestClock(clock.nowMs() + 8 * DAY_MS)
    await (await openTestStore({ path, clock: later })).store.close()
    expect(counts()).toEqual([0, 0, 1])
    await (await openTestStore({ path, clock: createTestClock(clock.nowMs() + 500 * DAY_MS) })).store.close()
    expect(counts()).toEqual([0, 0, 0])
  })
})

test('what ran out is taken away while the store is open, some rows at a time', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const path = join(makeFolder(), 'isogate.db')
  const { store, clock } = await openTestStore({ path })
  for (let index = 0; index < 35; index++) await store.handles.keep('ann', { json: '1', kind: 'value' })
  const rows = (): unknown => {
    const database = new DatabaseSync(path)
    const row = database.prepare('SELECT count(*) AS count FROM handle').get()
    database.close()
    return row?.['count']
  }
  clock.pass(2 * 3_600_000)
  expect(rows()).toBe(35)
  await vi.advanceTimersByTimeAsync(300_000)
  expect(rows()).toBeLessThan(35)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(rows()).toBe(0)
})

describe('the journal of the database', () => {
  test('is brought to the disk before a run counts as saved, and not for what may be lost', async () => {
    const folder = makeFolder()
    const handle = await open(join(folder, 'any'), 'w')
    const syncs = vi.spyOn(Object.getPrototypeOf(handle) as typeof handle, 'datasync')
    onTestFinished(() => syncs.mockRestore())
    await handle.close()
    const { store } = await openTestStore({ path: join(folder, 'isogate.db') })
    const before = syncs.mock.calls.length
    await store.handles.keep('ann', { json: '1', kind: 'value' })
    await store.shapes.save('a', { shape: {}, samples: 1, results: 1 })
    expect(syncs.mock.calls.length).toBe(before)
    await store.runs.save(runOf('r'))
    await store.runs.claim('ann', 'r', 9e12)
    expect(syncs.mock.calls.length).toBe(before + 2)
  })

  test('is worked off by a thread, while the store is used', async () => {
    const path = join(makeFolder(), 'isogate.db')
    const { store } = await openTestStore({ path })
    const json = JSON.stringify('x'.repeat(1_000_000))
    const handles = await inTurn(
      12,
      async () => (await store.handles.keep('ann', { json, kind: 'value' })) ?? '',
    )
    const journal = (): number => statSync(`${path}-wal`).size
    expect(journal()).toBeGreaterThan(8_000_000)
    for (let attempt = 0; attempt < 200 && journal() > 4_000_000; attempt++) {
      await store.runs.save(runOf('r'))
      await sleep(50)
    }
    expect(journal()).toBeLessThan(4_000_000)
    for (const handle of handles) expect((await store.handles.open('ann', handle))?.json === json).toBe(true)
  })
})

describe('a disk that fails', () => {
  test('refuses a run, loses what may be lost, and tells the log once', async () => {
    const path = join(makeFolder(), 'isogate.db')
    const { store, faults, clock } = await openTestStore({ path })
    await store.runs.save(runOf('r'))
    const other = new DatabaseSync(path)
    // Takes the tables away under the open store.
    other.exec('DROP TABLE run; DROP TABLE handle; DROP TABLE shape')
    other.close()
    expect(await codeOf(() => store.runs.save(runOf('s')))).toBe('store_unusable')
    for (let index = 0; index < 3; index++) {
      expect(await store.handles.keep('ann', { json: '1', kind: 'value' })).toBeUndefined()
      await store.shapes.save('a', { shape: {}, samples: 1, results: 1 })
    }
    expect(faults).toHaveLength(1)
    clock.pass(61_000)
    await store.shapes.save('a', { shape: {}, samples: 1, results: 1 })
    expect(faults).toHaveLength(2)
    expect(existsSync(path)).toBe(true)
  })
})
