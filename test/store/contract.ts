import { describe, expect, test } from 'vitest'

import { GatewayError } from '../../src/core/errors.ts'
import type { NewValue, SavingsEntry } from '../../src/core/store.ts'
import { runOf, type TestStore, type TestStoreOptions } from './house.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** What every store must do, whatever it stands on. */
export function describeStore(
  name: string,
  open: (options?: Pick<TestStoreOptions, 'settings'>) => Promise<TestStore>,
) {
  describe(`${name}: handles`, () => {
    const value = (json: string): NewValue => ({ json, kind: 'value' })

    test('a value comes back whole, to its owner, until it has run out', async () => {
      const { store, clock } = await open()
      const kept = {
        json: '{"a":"ü\\u0000€𝄞"}',
        kind: 'content',
        mimeType: 'image/png',
        name: 'a "b"\u0000',
      } as const
      const handle = (await store.handles.keep('ann', kept)) ?? ''
      expect(handle).toMatch(/^h_[A-Za-z0-9_-]{20}$/)
      const times = { savedAtMs: clock.nowMs(), expiresAtMs: clock.nowMs() + HOUR_MS }
      expect(await store.handles.open('ann', handle)).toEqual({ ...kept, ...times })
      clock.pass(HOUR_MS - 1)
      expect(await store.handles.open('ann', handle)).toBeDefined()
      clock.pass(1)
      expect(await store.handles.open('ann', handle)).toBeUndefined()
    })

    test('the handle of another is as if it did not exist', async () => {
      const { store } = await open()
      const handle = (await store.handles.keep('ann', value('1'))) ?? ''
      for (const other of ['bob', '', 'ANN', 'ann ', "ann' OR '1'='1"])
        expect(await store.handles.open(other, handle)).toBeUndefined()
      expect(await store.handles.open('ann', handle.toLowerCase() + ' ')).toBeUndefined()
    })

    test('no two handles are the same', async () => {
      const { store } = await open()
      const handles = await inTurn(500, () => store.handles.keep('ann', value('1')))
      expect(new Set(handles).size).toBe(500)
    })

    test('the oldest values of an owner make room, and those of others stay', async () => {
      const { store } = await open({ settings: { handleBytes: 16_000 } })
      const ofBob = (await store.handles.keep('bob', value('"b"'))) ?? ''
      const text = JSON.stringify('x'.repeat(898))
      const handles = await inTurn(6, async () => (await store.handles.keep('ann', value(text))) ?? '')
      const isThere = await Promise.all(
        handles.map(async (handle) => (await store.handles.open('ann', handle)) !== undefined),
      )
      expect(isThere).toEqual([false, false, true, true, true, true])
      expect(await store.handles.open('bob', ofBob)).toBeDefined()
    })

    test('over all owners the oldest values go first', async () => {
      const { store } = await open({ settings: { handleBytes: 16_000 } })
      const text = JSON.stringify('x'.repeat(998))
      const all = await inTurn(20, async (index) => {
        const owner = `owner-${index % 10}`
        return { owner, handle: (await store.handles.keep(owner, value(text))) ?? '' }
      })
      const isThere = await Promise.all(
        all.map(async ({ owner, handle }) => (await store.handles.open(owner, handle)) !== undefined),
      )
      expect(isThere).toEqual([...Array(4).fill(false), ...Array(16).fill(true)])
    })

    test('a value that is too large is not kept, and takes nothing away', async () => {
      const { store } = await open({ settings: { handleBytes: 16_000 } })
      const handle = (await store.handles.keep('ann', value('1'))) ?? ''
      expect(await store.handles.keep('ann', value(JSON.stringify('€'.repeat(400))))).toBeUndefined()
      expect(await store.handles.open('ann', handle)).toBeDefined()
    })

    test('many small values have a bound as well', async () => {
      const { store } = await open()
      const handles = await inTurn(1_001, async () => (await store.handles.keep('ann', value('1'))) ?? '')
      expect(await store.handles.open('ann', handles[0] ?? '')).toBeUndefined()
      expect(await store.handles.open('ann', handles[1] ?? '')).toBeDefined()
    })
  })

  describe(`${name}: runs`, () => {
    test('a run comes back as it was, to its owner', async () => {
      const { store, clock } = await open()
      const run = runOf('r1', 'ann', {
        input: { deep: [1, null, '€'] },
        options: { check: 'off' },
        reasons: ['a', 'b'],
      })
      const saved = await store.runs.save(run)
      expect(saved).toEqual({ ...run, savedAtMs: clock.nowMs(), expiresAtMs: clock.nowMs() + 7 * DAY_MS })
      expect(await store.runs.load('ann', 'r1')).toEqual(saved)
      expect(await store.runs.load('bob', 'r1')).toBeUndefined()
      expect(await store.runs.claim('bob', 'r1', clock.nowMs() + 1)).toBeUndefined()
      expect(await store.runs.remove('bob', 'r1')).toBe(false)
      expect((await store.runs.load('ann', 'r1'))?.input).toEqual(run.input)
      expect('input' in ((await store.runs.save(runOf('r2'))) ?? {})).toBe(false)
      expect('input' in ((await store.runs.load('ann', 'r2')) ?? {})).toBe(false)
    })

    test('two owners may have runs of one id', async () => {
      const { store } = await open()
      await store.runs.save(runOf('r', 'ann', { code: 'a' }))
      await store.runs.save(runOf('r', 'bob', { code: 'b' }))
      expect((await store.runs.load('ann', 'r'))?.code).toBe('a')
      expect(await store.runs.remove('bob', 'r')).toBe(true)
      expect((await store.runs.load('ann', 'r'))?.code).toBe('a')
    })

    test('one of two that claim a run gets it, until the claim is given up', async () => {
      const { store, clock } = await open()
      await store.runs.save(runOf('r'))
      const untilMs = clock.nowMs() + 1_000
      const claim = await store.runs.claim('ann', 'r', untilMs)
      expect(claim?.run.code).toBe('return 1')
      expect(await store.runs.claim('ann', 'r', untilMs)).toBeUndefined()
      expect((await store.runs.list('ann')).map(({ isClaimed }) => isClaimed)).toEqual([true])
      if (claim !== undefined) await store.runs.release(claim)
      expect((await store.runs.list('ann')).map(({ isClaimed }) => isClaimed)).toEqual([false])
      expect(await store.runs.claim('ann', 'r', untilMs)).toBeDefined()
    })

    test('a claim whose holder died runs out, and the dead one that comes back changes nothing', async () => {
      const { store, clock } = await open()
      await store.runs.save(runOf('r'))
      const first = await store.runs.claim('ann', 'r', clock.nowMs() + 1_000)
      clock.pass(999)
      expect(await store.runs.claim('ann', 'r', clock.nowMs() + 1_000)).toBeUndefined()
      clock.pass(1)
      const second = await store.runs.claim('ann', 'r', clock.nowMs() + 1_000)
      if (first === undefined || second === undefined) throw new Error('both were to be claimed')
      expect(await store.runs.update(first, runOf('r', 'ann', { code: 'late' }))).toBe(false)
      expect(await store.runs.renew(first, clock.nowMs() + 9_000)).toBe(false)
      expect(await store.runs.finish(first)).toBe(false)
      await store.runs.release(first)
      expect(await store.runs.claim('ann', 'r', clock.nowMs() + 1)).toBeUndefined()
      expect(await store.runs.renew(second, clock.nowMs() + 9_000)).toBe(true)
      clock.pass(5_000)
      expect(await store.runs.claim('ann', 'r', clock.nowMs() + 1)).toBeUndefined()
      expect(await store.runs.update(second, runOf('r', 'ann', { code: 'next', record: [1] }))).toBe(true)
      expect(await store.runs.load('ann', 'r')).toMatchObject({ code: 'next', record: [1] })
      const third = await store.runs.claim('ann', 'r', clock.nowMs() + 1)
      expect(third && (await store.runs.finish(third))).toBe(true)
      expect(await store.runs.load('ann', 'r')).toBeUndefined()
    })

    test('a claim is for the run that it names, whatever is written under it', async () => {
      const { store, clock } = await open()
      await store.runs.save(runOf('r'))
      await store.runs.save(runOf('other', 'bob', { code: 'untouched' }))
      const claim = await store.runs.claim('ann', 'r', clock.nowMs() + 1_000)
      if (claim === undefined) throw new Error('not claimed')
      expect(await store.runs.update(claim, runOf('other', 'bob', { code: 'forged' }))).toBe(true)
      expect((await store.runs.load('bob', 'other'))?.code).toBe('untouched')
      expect((await store.runs.load('ann', 'r'))?.code).toBe('forged')
    })

    test('a run ends with its time, but not while somebody holds it', async () => {
      const { store, clock } = await open({ settings: { runTtlMs: 10_000 } })
      await store.runs.save(runOf('forgotten'))
      await store.runs.save(runOf('held'))
      clock.pass(9_000)
      const claim = await store.runs.claim('ann', 'held', clock.nowMs() + 60_000)
      clock.pass(2_000)
      expect(await store.runs.list()).toEqual([])
      expect(await store.runs.load('ann', 'forgotten')).toBeUndefined()
      expect(await store.runs.claim('ann', 'forgotten', clock.nowMs() + 1)).toBeUndefined()
      expect(await store.runs.load('ann', 'held')).toBeDefined()
      expect(claim && (await store.runs.update(claim, runOf('held')))).toBe(true)
      expect((await store.runs.list()).map(({ id }) => id)).toEqual(['held'])
    })

    test('lists are of one owner or of all, the newest first, without what runs hold', async () => {
      const { store, clock } = await open()
      for (const [id, owner] of [
        ['a', 'ann'],
        ['b', 'bob'],
        ['c', 'ann'],
      ] as const) {
        await store.runs.save(runOf(id, owner))
        clock.pass(1)
      }
      expect((await store.runs.list()).map(({ id }) => id)).toEqual(['c', 'b', 'a'])
      expect((await store.runs.list('ann')).map(({ id }) => id)).toEqual(['c', 'a'])
      const keys = ['expiresAtMs', 'id', 'isClaimed', 'owner', 'reasons', 'savedAtMs']
      expect(Object.keys((await store.runs.list('bob'))[0] ?? {}).toSorted()).toEqual(keys)
    })

    test('one run too many is refused, and none is lost for it', async () => {
      const { store } = await open()
      for (let index = 0; index < 1_000; index++) await store.runs.save(runOf(`r${index}`))
      expect(await codeOf(() => store.runs.save(runOf('more')))).toBe('store_full')
      expect(await store.runs.list('ann')).toHaveLength(1_000)
      expect((await store.runs.save(runOf('r0', 'ann', { code: 'again' }))).code).toBe('again')
      expect((await store.runs.save(runOf('more', 'bob'))).id).toBe('more')
      expect(await codeOf(() => store.runs.save(runOf('x'.repeat(2_000), 'carl')))).toBe('store_full')
    })
  })

  describe(`${name}: what is learned and counted`, () => {
    test('shapes come back as they were saved last, the newest first', async () => {
      const { store, clock } = await open()
      await store.shapes.save('a', { shape: { string: true }, samples: 1, results: 2 })
      clock.pass(1)
      await store.shapes.save('b', { shape: { number: true }, samples: 3, results: 4 })
      clock.pass(1)
      await store.shapes.save('a', { shape: { null: true }, samples: 5, results: 6 })
      expect([...(await store.shapes.load())]).toEqual([
        ['a', { shape: { null: true }, samples: 5, results: 6 }],
        ['b', { shape: { number: true }, samples: 3, results: 4 }],
      ])
      clock.pass(90 * DAY_MS)
      expect((await store.shapes.load()).size).toBe(0)
    })

    test('a shape that is too large is not kept', async () => {
      const { store, faults } = await open()
      await store.shapes.save('a', { shape: 'x'.repeat(70_000), samples: 1, results: 1 })
      await store.shapes.save('k'.repeat(2_000), { shape: {}, samples: 1, results: 1 })
      expect((await store.shapes.load()).size).toBe(0)
      expect(faults).toEqual([])
    })

    test('uses are added up', async () => {
      const { store } = await open()
      for (let index = 0; index < 130; index++) store.usage.add(`server.tool-${index % 65}`, 1)
      store.usage.add('server.tool-0', 5)
      store.usage.add('server.tool-1', Number.NaN)
      store.usage.add('server.tool-1', -7)
      const counts = await store.usage.load()
      expect(counts.size).toBe(65)
      expect([counts.get('server.tool-0'), counts.get('server.tool-1')]).toEqual([7, 2])
      store.usage.add('server.tool-0', 1)
      expect((await store.usage.load()).get('server.tool-0')).toBe(8)
    })

    const entry = (atMs: number, principal: string, more: Partial<SavingsEntry> = {}): SavingsEntry => ({
      atMs,
      principal,
      runs: 1,
      calls: 3,
      turnsAvoided: 2,
      directTokens: 100,
      usedTokens: 40,
      method: 'm/1',
      ...more,
    })
    const MONDAY = Date.UTC(2026, 0, 12)

    test('savings are added up by day and by principal, never over two methods', async () => {
      const { store } = await open()
      await store.savings.add(entry(MONDAY, 'ann'))
      await store.savings.add(
        entry(MONDAY + DAY_MS - 1, 'bob', { directTokens: 500.4, usedTokens: Number.NaN }),
      )
      await store.savings.add(entry(MONDAY + DAY_MS, 'ann', { turnsAvoided: -1, usedTokens: 300 }))
      await store.savings.add(entry(MONDAY + DAY_MS, 'ann', { method: 'm/2' }))
      const totals = { runs: 1, calls: 3, turnsAvoided: 2, directTokens: 100, usedTokens: 40, method: 'm/2' }
      expect(await store.savings.sum()).toEqual([
        { runs: 3, calls: 9, turnsAvoided: 3, directTokens: 700, usedTokens: 340, method: 'm/1' },
        totals,
      ])
      expect(await store.savings.sum({ by: 'day' })).toEqual([
        {
          day: '2026-01-12',
          runs: 2,
          calls: 6,
          turnsAvoided: 4,
          directTokens: 600,
          usedTokens: 40,
          method: 'm/1',
        },
        {
          day: '2026-01-13',
          runs: 1,
          calls: 3,
          turnsAvoided: -1,
          directTokens: 100,
          usedTokens: 300,
          method: 'm/1',
        },
        { ...totals, day: '2026-01-13' },
      ])
      const byPrincipal = await store.savings.sum({ by: 'principal', sinceMs: MONDAY + 5 })
      expect(
        byPrincipal.map(({ principal, method, directTokens }) => [principal, method, directTokens]),
      ).toEqual([
        ['bob', 'm/1', 500],
        ['ann', 'm/1', 200],
        ['ann', 'm/2', 100],
      ])
      expect(await store.savings.sum({ sinceMs: MONDAY + DAY_MS + 5 })).toHaveLength(2)
      expect(await store.savings.sum({ sinceMs: MONDAY + 2 * DAY_MS })).toEqual([])
    })

    test('a day with too many principals has one row for all the others', async () => {
      const { store } = await open()
      for (let index = 0; index < 1_100; index++) await store.savings.add(entry(MONDAY, `p${index}`))
      await store.savings.add(entry(MONDAY, 'p7'))
      const rows = await store.savings.sum({ by: 'principal' })
      expect(rows).toHaveLength(1_000)
      expect(rows[0]).toMatchObject({ principal: '(others)', runs: 100 })
      expect(rows.find(({ principal }) => principal === 'p7')?.runs).toBe(2)
      expect((await store.savings.sum())[0]?.runs).toBe(1_101)
    })
  })

  describe(`${name}: the end`, () => {
    test('after it is closed it says so, and what may be lost is lost quietly', async () => {
      const { store, faults } = await open()
      await store.close()
      await store.close()
      expect(await codeOf(() => store.runs.list())).toBe('store_unusable')
      expect(await store.handles.keep('ann', { json: '1', kind: 'value' })).toBeUndefined()
      await store.shapes.save('a', { shape: {}, samples: 1, results: 1 })
      expect(faults.map(({ code, message }) => [code, message.includes('closed')])).toEqual([
        ['store_unusable', true],
      ])
    })
  })
}

/** What the work gives, one after the other. */
export async function inTurn<Value>(
  times: number,
  work: (index: number) => Promise<Value>,
): Promise<readonly Value[]> {
  const values: Value[] = []
  for (let index = 0; index < times; index++) values.push(await work(index))
  return values
}

/** The code of the GatewayError with which it rejects. */
export async function codeOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work()
  } catch (error) {
    if (error instanceof GatewayError) return error.code
    throw error
  }
  return 'nothing was thrown'
}
