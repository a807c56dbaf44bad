import { randomBytes } from 'node:crypto'

import { afterAll, describe, expect, test } from 'vitest'

import { systemClock } from '../../src/assemble.ts'
import type { EffectStore } from '../../src/core/approval.ts'
import { GatewayError } from '../../src/core/errors.ts'
import { textResult } from '../../src/core/result.ts'
import type { Store } from '../../src/core/store.ts'
import { openMemoryStore } from '../../src/store/store.ts'
import { mainText, runId, runMeta } from '../code-mode/script-house.ts'
import { openCells, openDeskHouse, type DeskHouse } from './desk-house.ts'

const sandbox = openCells()
afterAll(() => sandbox.close())

/** A house whose tool `count` reads a number, and whose tool `hold` never answers. */
function openCounting(effects: Partial<EffectStore> = {}) {
  const world = { count: 1, held: Promise.withResolvers<void>() }
  const inner = openMemoryStore({ clock: systemClock, random: randomBytes })
  const store: Store = { ...inner, effects: { ...inner.effects, ...effects } }
  const house = openDeskHouse({
    sandbox,
    store,
    asks: ['shop.refund', 'shop.hinted'],
    readOnly: ['shop.count'],
    tools: {
      refund: {},
      hinted: { extra: { annotations: { readOnlyHint: true } } },
      note: {},
      count: { answer: () => textResult(String(world.count)) },
      hold: {
        answer: () => {
          world.held.resolve()
          return new Promise(() => {})
        },
      },
    },
  })
  return { house, world, store: inner }
}

const CODE = `await tools.shop.refund({})
const n = Number(await tools.shop.count({}))
await tools.shop.note({ n })
try { await tools.shop.hold({}) } catch (error) { return error.code + ' ' + n }`

/** Suspended, approved, resumed, and cut off in the middle of a call. */
async function cutOff(house: DeskHouse, held: Promise<void>, code = CODE): Promise<string> {
  const id = runId(await house.run(code))
  await house.desk.decide((await house.pending())[0]?.id ?? '', { verdict: 'approve', by: 'cli', via: 'cli' })
  const caller = new AbortController()
  const gone = house.resume(id, {}, { signal: caller.signal })
  await held
  caller.abort()
  await gone
  return id
}

describe('a leg that is cut off', { timeout: 30_000 }, () => {
  test('is played again: what was done is not done again, and of what was under way nobody knows', async () => {
    const { house, world, store } = openCounting()
    await using _ = house
    const id = await cutOff(house, world.held.promise)
    const ended = await house.resume(id)
    expect(mainText(ended)).toBe('effect_unknown 1')
    expect(house.made('refund')).toHaveLength(1)
    expect(house.made('note')).toEqual([{ n: 1 }])
    expect(house.made('hold')).toHaveLength(1)
    await expect(house.resume(id)).rejects.toMatchObject({ code: 'unknown_run' })
    await store.close()
  })

  test('ends where it would make another call than it made, and tells what was done', async () => {
    const { house, world, store } = openCounting()
    await using _ = house
    const id = await cutOff(house, world.held.promise)
    world.count = 2
    const ended = await house.resume(id)
    expect(runMeta(ended)['failure']).toMatchObject({ code: 'replay_diverged', line: 3 })
    expect(mainText(ended)).toContain('Calls already made: shop.refund')
    expect(house.made('note')).toEqual([{ n: 1 }])
    await expect(house.resume(id)).rejects.toMatchObject({ code: 'unknown_run' })
    await store.close()
  })

  test('does not repeat an approved call of which only its server says that it reads', async () => {
    const { house, world, store } = openCounting()
    await using _ = house
    const code = CODE.replace('refund', 'hinted')
    const id = await cutOff(house, world.held.promise, code)
    expect(mainText(await house.resume(id))).toBe('effect_unknown 1')
    expect(house.made('hinted')).toHaveLength(1)
    expect(house.made('count')).toHaveLength(2)
    await store.close()
  })

  test('can be cut off as often as one likes', async () => {
    const { house, world, store } = openCounting()
    await using _ = house
    const id = await cutOff(house, world.held.promise)
    for (let n = 0; n < 3; n++) {
      const caller = new AbortController()
      const gone = house.resume(id, {}, { signal: caller.signal })
      caller.abort()
      await gone.catch(() => {})
    }
    expect(mainText(await house.resume(id))).toBe('effect_unknown 1')
    expect(house.made('note')).toHaveLength(1)
    await store.close()
  })
})

test('what cannot be written down is not done', async () => {
  const { house, store } = openCounting({
    begin: () => Promise.reject(new GatewayError('store_unusable', 'The disk is full.')),
  })
  await using _ = house
  const id = runId(await house.run('try { await tools.shop.refund({}) } catch (error) { return error.code }'))
  await house.desk.decide((await house.pending())[0]?.id ?? '', { verdict: 'approve', by: 'cli', via: 'cli' })
  expect(mainText(await house.resume(id))).toBe('store_unusable')
  expect(house.made('refund')).toEqual([])
  await store.close()
})

test('a run that cannot be kept is not asked about', async () => {
  const { house, store } = openCounting()
  await using _ = house
  for (let n = 0; n < 1_000; n++)
    await store.runs.save({ id: `r${n}`, owner: 'ada', code: '', options: {}, record: {}, reasons: [] })
  const ended = await house.run(
    'await tools.shop.note({})\ntry { await tools.shop.refund({}) } catch (error) { return error.code }',
  )
  expect(mainText(ended)).toBe('store_full')
  expect(await house.pending()).toEqual([])
  expect(house.made('refund')).toEqual([])
  await store.close()
})

test('a script that needs nobody writes nothing down', async () => {
  const written: string[] = []
  const { house, store } = openCounting({
    begin: (_owner, _run, key) => {
      written.push(key)
      return Promise.resolve(undefined)
    },
  })
  await using _ = house
  await house.run('await tools.shop.note({})\nreturn 1')
  expect(written).toEqual([])
  await store.close()
})
