import { randomBytes } from 'node:crypto'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, onTestFinished, test } from 'vitest'

import type { StoreDesk } from '../../../src/core/store-desk.ts'
import { createSeal } from '../../../src/secrets/seal.ts'
import { openStoreDesk } from '../../../src/store/desk/desk.ts'
import type { StorePlace } from '../../../src/store/store.ts'
import { codeOf } from '../contract.ts'
import { createTestClock, makeFolder, openTestStore, runOf } from '../house.ts'
import { PLACES } from '../places.ts'

const KEY = randomBytes(32)
const SEAL = createSeal([KEY], randomBytes)

async function openDesk(place: StorePlace, seal = SEAL): Promise<StoreDesk> {
  const desk = await openStoreDesk(place, { clock: createTestClock(), seal })
  onTestFinished(() => desk.close())
  return desk
}

/** Fills a store with one of each, and says how to find it again. */
async function fill(place: StorePlace) {
  const { store, clock } = await openTestStore({ ...place, seal: SEAL })
  const handle =
    (await store.handles.keep('ann', { json: '"kept\\u0000"', kind: 'value', name: 'a\u0000b' })) ?? ''
  await store.runs.save(runOf('r', 'ann', { input: { n: 1 } }))
  await store.shapes.save('a', { shape: { string: true }, samples: 1, results: 1 })
  store.usage.add('a.b', 3)
  const totals = { runs: 1, calls: 1, turnsAvoided: 1, directTokens: 1, usedTokens: 1 }
  await store.savings.add({ ...totals, atMs: clock.nowMs(), principal: 'ann', method: 'm' })
  await store.audit.append([
    { body: '{"a":1}', atMs: 1, kind: 'call', principal: 'ann', outcome: 'ok' },
    { body: '{"a":2}', atMs: 2, kind: 'call', principal: 'ann', outcome: 'ok' },
  ])
  await store.close()
  return handle
}

async function expectFilled(place: StorePlace, handle: string, seal = SEAL): Promise<void> {
  const { store, faults } = await openTestStore({ ...place, seal })
  expect(await store.handles.open('ann', handle)).toMatchObject({ json: '"kept\\u0000"', name: 'a\u0000b' })
  expect(await store.runs.load('ann', 'r')).toMatchObject({ code: 'return 1', input: { n: 1 } })
  expect((await store.shapes.load()).size).toBe(1)
  expect((await store.usage.load()).get('a.b')).toBe(3)
  expect(await store.savings.sum()).toHaveLength(1)
  expect((await store.audit.list({})).map(({ body }) => body).toSorted()).toEqual(['{"a":1}', '{"a":2}'])
  // What counts by itself counts on.
  expect(await store.handles.keep('ann', { json: '1', kind: 'value' })).toBeDefined()
  expect(
    (await store.audit.append([{ body: '{}', atMs: 3, kind: 'call', principal: 'a', outcome: 'ok' }])).seq,
  ).toBe(3)
  expect(faults).toEqual([])
  await store.close()
}

describe.each(PLACES)('a backup of $name', ({ make }) => {
  test.each(PLACES)('is restored into $name', async ({ make: makeOther }) => {
    const [place, other, folder] = [await make(), await makeOther(), makeFolder()]
    const handle = await fill(place)
    const file = join(folder, 'backup.jsonl')
    const made = await (await openDesk(place)).backup(file, false)
    expect(made.rows).toBeGreaterThan(6)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readFileSync(file, 'utf8')).not.toContain('return 1')
    expect(await (await openDesk(other)).restore(file, false)).toEqual(made)
    await expectFilled(other, handle)
  })

  test('is of one moment, whatever is written meanwhile', async () => {
    const place = await make()
    const { store } = await openTestStore({ ...place, seal: SEAL })
    const over = new AbortController()
    // Two rows are written together: both are in a backup, or none.
    const writing = (async () => {
      for (let turn = 0; !over.signal.aborted; turn++) {
        await store.audit.append([
          { body: `{"turn":${turn},"half":1}`, atMs: turn, kind: 'call', principal: 'ann', outcome: 'ok' },
          { body: `{"turn":${turn},"half":2}`, atMs: turn, kind: 'call', principal: 'ann', outcome: 'ok' },
        ])
      }
    })()
    const desk = await openDesk(place)
    const folder = makeFolder()
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      const file = join(folder, name)
      await desk.backup(file, false)
      const lines = readFileSync(file, 'utf8').split('\n')
      const at = lines.findIndex((line) => line.includes('"auditRow"'))
      const rows = lines.slice(
        at + 1,
        lines.findIndex((line, index) => index > at && line.includes('"isogate"')),
      )
      expect(rows.length % 2).toBe(0)
    }
    over.abort()
    await writing
  })
})

describe.each(PLACES)('a restore into $name', ({ make }) => {
  test('refuses a store that holds something, unless it may be lost', async () => {
    const [place, file] = [await make(), join(makeFolder(), 'backup.jsonl')]
    const handle = await fill(place)
    const desk = await openDesk(place)
    await desk.backup(file, false)
    const { store } = await openTestStore({ ...place, seal: SEAL })
    await store.runs.save(runOf('later'))
    expect(await codeOf(() => desk.restore(file, false))).toBe('already_there')
    expect((await store.runs.list()).length).toBe(2)
    await store.close()
    await desk.restore(file, true)
    await expectFilled(place, handle)
  })

  test('takes nothing of a file that is not whole, was changed, is none or is newer', async () => {
    const [source, place, folder] = [await make(), await make(), makeFolder()]
    await fill(source)
    const good = join(folder, 'good.jsonl')
    await (await openDesk(source)).backup(good, false)
    await fill(place)
    const text = readFileSync(good, 'utf8')
    const lines = text.split('\n')
    const desk = await openDesk(place)
    const outcomes: Record<string, string> = {}
    const files = {
      short: lines.slice(0, -3).join('\n'),
      torn: text.slice(0, text.length >> 1),
      changed: text.replace('"ann"', '"eve"'),
      other: 'hello\n',
      empty: '',
      table: text.replace('"name":"usage"', '"name":"sqlite_schema"'),
      column: text.replace('"usedAtMs"', '"usedAtMs) --"'),
      newer: text.replace(/"version":\d+/, '"version":999'),
    }
    for (const [name, content] of Object.entries(files)) {
      const file = join(folder, name)
      writeFileSync(file, content)
      outcomes[name] = await codeOf(() => desk.restore(file, true))
    }
    outcomes['missing'] = await codeOf(() => desk.restore(join(folder, 'missing'), true))
    const { newer, ...others } = outcomes
    expect(newer).toBe('store_newer')
    expect(new Set(Object.values(others))).toEqual(new Set(['file_unreadable']))
    const { store } = await openTestStore({ ...place, seal: SEAL })
    expect((await store.runs.list()).map(({ id }) => id)).toEqual(['r'])
  })
})

test('a backup replaces a file only where it may, and leaves nothing where it fails', async () => {
  const folder = makeFolder()
  const desk = await openDesk({ path: join(folder, 'isogate.db') })
  const file = join(folder, 'backup.jsonl')
  writeFileSync(file, 'mine')
  expect(await codeOf(() => desk.backup(file, false))).toBe('file_exists')
  expect(readFileSync(file, 'utf8')).toBe('mine')
  expect(await codeOf(() => desk.backup(join(folder, 'no', 'such', 'folder'), false))).toBe('file_unwritable')
  await desk.backup(file, true)
  expect(readFileSync(file, 'utf8')).toContain('"isogate":"end"')
})

describe.each(PLACES)('new keys for $name', ({ make }) => {
  test('open everything, and the old key nothing any more', async () => {
    const place = await make()
    const handle = await fill(place)
    const next = randomBytes(32)
    const count = await (await openDesk(place, createSeal([next, KEY], randomBytes))).rekey()
    // Name and value of the handle; options, code, input and record of the run.
    expect(count).toBe(6)
    await expectFilled(place, handle, createSeal([next], randomBytes))
    const { store, faults } = await openTestStore({ ...place, seal: SEAL })
    expect(await codeOf(() => store.runs.load('ann', 'r'))).toBe('sealed')
    expect(await store.handles.open('ann', handle)).toBeUndefined()
    expect(faults.map(({ code }) => code)).toEqual(['sealed'])
  })

  test('seal what was written before there was a key', async () => {
    const place = await make()
    const { store } = await openTestStore(place)
    await store.runs.save(runOf('old', 'ann', { code: 'return "before"' }))
    await store.close()
    const sealed = (await openTestStore({ ...place, seal: SEAL })).store
    expect((await sealed.runs.load('ann', 'old'))?.code).toBe('return "before"')
    await sealed.close()
    const desk = await openDesk(place)
    const file = join(makeFolder(), 'backup.jsonl')
    await desk.backup(file, false)
    expect(readFileSync(file, 'utf8')).toContain('return \\"before\\"')
    await desk.rekey()
    await desk.backup(file, true)
    expect(readFileSync(file, 'utf8')).not.toContain('return \\"before\\"')
  })
})
