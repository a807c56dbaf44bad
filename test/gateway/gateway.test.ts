import { setImmediate as nextTurn } from 'node:timers/promises'

import { describe, expect, test } from 'vitest'

import type { Door } from '../../src/core/call.ts'
import { textResult, type Result } from '../../src/core/result.ts'
import { callOf, SOMEBODY } from '../policy/call-of.ts'
import { openHouse } from './open-house.ts'

describe('a revision', () => {
  test('is taken once for all servers that change in one turn, and tells its listeners once', async () => {
    await using house = openHouse({ scripts: false, servers: { alpha: {}, beta: {} } })
    const before = house.gateway.snapshot()
    let told = 0
    house.gateway.onCatalogChange(() => (told += 1))
    house.backends['alpha']?.become({ one: {} })
    house.backends['beta']?.become({ two: {} })
    await nextTurn()
    expect(house.gateway.snapshot().revision).toBe(before.revision + 1)
    expect(told).toBe(1)
    expect(house.gateway.visibleTools(SOMEBODY, 'mcp').map(({ ref }) => ref.name)).toEqual(['one', 'two'])
  })

  test('is not taken where only the status of a server changed, which is announced', async () => {
    await using house = openHouse({ scripts: false, servers: { alpha: { one: {} } } })
    const before = house.gateway.snapshot()
    let told = 0
    house.gateway.onCatalogChange(() => (told += 1))
    house.backends['alpha']?.turn({ state: 'down', reason: 'unplugged' })
    await nextTurn()
    expect(told).toBe(1)
    expect(house.gateway.snapshot()).toBe(before)
    expect(house.gateway.servers()).toMatchObject([{ server: 'alpha', status: { state: 'down' }, tools: 1 }])
  })

  test('that a run holds stays as it was, while the policy asks the new one', async () => {
    await using house = openHouse({ scripts: false, servers: { alpha: { one: {} } } })
    const held = house.gateway.snapshot()
    house.backends['alpha']?.become({ two: {} })
    await nextTurn()
    expect(held.catalog.tools.map(({ ref }) => ref.name)).toContain('one')
    await expect(house.gateway.handler(callOf('alpha.one'))).rejects.toMatchObject({ code: 'unknown_tool' })
    expect(await house.gateway.handler(callOf('alpha.two'))).toEqual(textResult('two'))
  })

  test('is no longer told to somebody who has stopped listening', async () => {
    await using house = openHouse({ scripts: false, servers: { alpha: {} } })
    let told = 0
    const stop = house.gateway.onCatalogChange(() => (told += 1))
    stop()
    house.backends['alpha']?.become({ one: {} })
    await nextTurn()
    expect(told).toBe(0)
  })
})

describe('suggestions', () => {
  test.each<[Door, string]>([
    ['mcp', 'alpha__read-file'],
    ['stdio', 'alpha__read-file'],
    ['cli', 'alpha.read-file'],
    ['script', 'tools.alpha.read_file'],
  ])('are spelled as callers at the door %s spell', async (door, expected) => {
    await using house = openHouse({ scripts: false, servers: { alpha: { 'read-file': {} } } })
    await expect(house.gateway.handler(callOf('alpha.raed-file', {}, { door }))).rejects.toMatchObject({
      detail: { nearest: [expected] },
    })
  })
})

describe('the limits of a server', () => {
  test('are kept: its time of one call', async () => {
    await using house = openHouse({
      scripts: false,
      servers: { alpha: { hangs: { answer: () => new Promise<Result>(() => {}) } } },
      serverConfig: { alpha: { timeouts: { callMs: 100 } } },
    })
    await expect(house.gateway.handler(callOf('alpha.hangs'))).rejects.toMatchObject({ code: 'call_timeout' })
  })

  test('are kept: its calls in flight and waiting', async () => {
    const letGo: (() => void)[] = []
    await using house = openHouse({
      scripts: false,
      servers: {
        alpha: {
          waits: { answer: () => new Promise<Result>((done) => letGo.push(() => done(textResult('done')))) },
        },
        beta: { read: {} },
      },
      serverConfig: { alpha: { limits: { concurrency: 1, queue: 1 } } },
    })
    const first = house.gateway.handler(callOf('alpha.waits'))
    const second = house.gateway.handler(callOf('alpha.waits'))
    await expect(house.gateway.handler(callOf('alpha.waits'))).rejects.toMatchObject({ code: 'overloaded' })
    expect(await house.gateway.handler(callOf('beta.read'))).toEqual(textResult('read'))
    expect(house.backends['alpha']?.calls).toHaveLength(1)
    letGo.shift()?.()
    await first
    while (letGo.length === 0) await nextTurn()
    letGo.shift()?.()
    await second
  })
})

test('every call is recorded, refused ones too, and no record holds arguments', async () => {
  await using house = openHouse({ scripts: false, servers: { alpha: { read: {} } } })
  await house.gateway.handler(callOf('alpha.read', { password: 'hunter2' }))
  await house.gateway.handler(callOf('alpha.nothing', { password: 'hunter2' })).catch(() => {})
  expect(house.records.map(({ tool, outcome }) => [tool, outcome])).toEqual([
    ['alpha.read', 'ok'],
    ['alpha.nothing', 'refused'],
  ])
  expect(JSON.stringify(house.records)).not.toContain('hunter2')
})
