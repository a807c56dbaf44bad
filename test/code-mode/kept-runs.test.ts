import { randomBytes } from 'node:crypto'

import { describe, expect, test } from 'vitest'

import { openGateway, systemClock } from '../../src/assemble.ts'
import { GatewayError } from '../../src/core/errors.ts'
import type { JsonObject } from '../../src/core/json.ts'
import type { Result } from '../../src/core/result.ts'
import type { RunStore, Store } from '../../src/core/store.ts'
import { openMemoryStore } from '../../src/store/store.ts'
import { housePlan } from '../gateway/open-house.ts'
import { handMadeBackend, type HandMadeTool } from '../gateway/hand-made-backend.ts'
import { callOf } from '../policy/call-of.ts'
import { mainText, runId, runMeta } from './script-house.ts'

const inMemory = (): Store => openMemoryStore({ clock: systemClock, random: randomBytes })

/** A store that outlives its gateways. */
function shared(store: Store, runs: Partial<RunStore> = {}): Store {
  return { ...store, runs: { ...store.runs, ...runs }, close: async () => {} }
}

/** A gateway before a store, with one server. */
function open(store: Store, tools: Readonly<Record<string, HandMadeTool>>, config: object = {}) {
  const plan = housePlan({ servers: { shop: tools }, config })
  const shop = handMadeBackend('shop', tools)
  const log = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} }
  const gateway = openGateway(plan, {
    clock: systemClock,
    version: '0.0.0',
    log,
    store,
    createUpstream: () => shop,
  })
  const call = (name: string, args: JsonObject): Promise<Result> =>
    gateway.handler(callOf(`code.${name}`, args))
  return {
    gateway,
    made: () => shop.calls.map(({ tool }) => tool.name),
    run: (code: string) => call('run_script', { code }),
    resume: (run: string) => call('run_script', { resume: run }),
    [Symbol.asyncDispose]: () => gateway.close(),
  }
}

const waits: HandMadeTool = {
  answer: () => {
    throw new GatewayError('approval_pending', 'Ada decides.')
  },
}
const failureOf = (result: Result): JsonObject => runMeta(result)['failure'] as JsonObject

describe('a store that fails', () => {
  test('a run that cannot be kept has ended, with the calls that it made', async () => {
    const store = inMemory()
    await using house = open(store, { remove: {}, wait: waits })
    const { id: owner } = callOf('code.run_script').principal
    const other = { owner, code: '', options: {}, record: {}, reasons: [] }
    for (let n = 0; n < 1_000; n++) await store.runs.save({ ...other, id: `r${n}` })
    const result = await house.run('await tools.shop.remove({})\nawait tools.shop.wait({})')
    expect(result.isError).toBe(true)
    expect(failureOf(result)).toMatchObject({ code: 'store_full', mendable: false })
    expect(mainText(result)).toContain('Calls already made: shop.remove.')
  })

  test('a run that waits once more and cannot be kept is not resumed from where it was before: its calls would be made twice', async () => {
    const store = inMemory()
    let approved = false
    const first: HandMadeTool = {
      answer: (call) => (approved ? { content: [] } : (waits.answer?.(call) ?? { content: [] })),
    }
    const full = (): never => {
      throw new GatewayError('store_full', 'There is no room.')
    }
    await using house = open(shared(store, { update: full }), { first, remove: {}, wait: waits })
    const code = 'await tools.shop.first({})\nawait tools.shop.remove({})\nawait tools.shop.wait({})'
    const id = runId(await house.run(code))
    approved = true
    const result = await house.resume(id)
    expect(failureOf(result)).toMatchObject({ code: 'store_full', mendable: false })
    expect(mainText(result)).toContain('Calls already made: shop.first, shop.remove.')
    await expect(house.resume(id)).rejects.toMatchObject({ code: 'unknown_run' })
    expect(house.made().filter((name) => name === 'remove')).toHaveLength(1)
    await store.close()
  })

  test('a run that has ended is told, although the store cannot take it away', async () => {
    const store = inMemory()
    let approved = false
    const first: HandMadeTool = {
      answer: (call) => {
        if (!approved) return waits.answer?.(call) ?? { content: [] }
        void store.close()
        return { content: [{ type: 'text', text: 'done' }] }
      },
    }
    await using house = open(store, { first })
    const id = runId(await house.run('return tools.shop.first({})'))
    approved = true
    expect(mainText(await house.resume(id))).toBe('done')
  })

  test('a record that is none is not played, and stays', async () => {
    const store = inMemory()
    await using house = open(shared(store), { remove: {} })
    const { id: owner } = callOf('code.run_script').principal
    const run = { id: 'r', owner, code: 'return tools.shop.remove({})', options: {}, reasons: [] }
    await store.runs.save({
      ...run,
      record: { startedAtMs: 1, seed: 1, turns: [{ atMs: 1, answers: [{}] }] },
    })
    await expect(house.resume('r')).rejects.toMatchObject({ code: 'replay_diverged' })
    expect(house.made()).toEqual([])
    expect(await store.runs.list()).toMatchObject([{ id: 'r', isClaimed: false }])
    await store.close()
  })
})

/** The machine may be busy with other things. */
const PATIENCE = { timeout: 15_000 }

describe('a gateway that finishes while a script runs', { timeout: 40_000 }, () => {
  const FINISH_MS = 2_000
  /** After the half of it. */
  const RELEASE_MS = 1_300

  const code = 'await tools.shop.held({})\nawait tools.shop.remove({})\nreturn "whole"'
  const tools = (held: Promise<Result>): Readonly<Record<string, HandMadeTool>> => ({
    held: { answer: () => held },
    remove: {},
  })
  const runUntilHalf = async (
    house: ReturnType<typeof open>,
    release: (result: Result) => void,
  ): Promise<Result> => {
    const running = house.run(code)
    await expect.poll(house.made, PATIENCE).toEqual(['held'])
    const finished = house.gateway.finish(FINISH_MS)
    setTimeout(() => release({ content: [] }), RELEASE_MS)
    await finished
    return running
  }

  test('suspends it, and another one goes on with it', async () => {
    const store = inMemory()
    const held = Promise.withResolvers<Result>()
    await using first = open(shared(store), tools(held.promise))
    const suspended = await runUntilHalf(first, held.resolve)
    expect(mainText(suspended)).toContain('the gateway is shutting down')
    expect(first.made()).toEqual(['held'])
    await using second = open(store, tools(held.promise))
    expect(mainText(await second.resume(runId(suspended)))).toBe('whole')
    expect(second.made()).toEqual(['remove'])
  })

  test('lets it go on where what is suspended would be lost', async () => {
    const held = Promise.withResolvers<Result>()
    await using house = open(inMemory(), tools(held.promise), { store: { path: false } })
    expect(mainText(await runUntilHalf(house, held.resolve))).toBe('whole')
    expect(house.made()).toEqual(['held', 'remove'])
  })

  test('says of a run that is ended in the end whose doing that was, and what it called', async () => {
    await using house = open(inMemory(), tools(new Promise(() => {})))
    const running = house.run(code)
    await expect.poll(house.made, PATIENCE).toEqual(['held'])
    await house.gateway.finish(50)
    await house.gateway.close()
    const result = await running
    expect(failureOf(result)).toMatchObject({ code: 'shutting_down', mendable: false })
    expect(mainText(result)).toContain('Calls already made: shop.held (outcome unknown).')
  })
})
