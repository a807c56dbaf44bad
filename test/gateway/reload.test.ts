import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'

import { describe, expect, test } from 'vitest'

import { textResult, type Result } from '../../src/core/result.ts'
import { callOf, SOMEBODY } from '../policy/call-of.ts'
import { openChangingHouse, planOf, versionOf } from './changing-house.ts'

describe('a new configuration', () => {
  test('keeps what is unchanged, starts what is new or changed, and closes what is gone', async () => {
    await using house = openChangingHouse(planOf({ kept: 'v1', changed: 'v1', gone: 'v1' }))
    const [kept, changed, gone] = [house.of('kept'), house.of('changed'), house.of('gone')]
    const before = house.gateway.snapshot()
    let told = 0
    house.gateway.onCatalogChange(() => (told += 1))

    const reloaded = await house.gateway.reload(planOf({ kept: 'v1', changed: 'v2', added: 'v1' }))
    expect(reloaded).toMatchObject({
      revision: 2,
      applied: true,
      diff: {
        servers: { added: ['added'], removed: ['gone'], changed: [{ name: 'changed', fields: ['args'] }] },
      },
    })
    expect(house.started.map(({ plan }) => `${plan.name} ${versionOf(plan)}`)).toEqual([
      'kept v1',
      'changed v1',
      'gone v1',
      'changed v2',
      'added v1',
    ])
    await nextTurn()
    expect([kept.isClosed(), changed.isClosed(), gone.isClosed()]).toEqual([false, true, true])
    expect(house.gateway.configuration().revision).toBe(2)
    expect(house.gateway.snapshot().revision).toBe(before.revision + 1)
    expect(told).toBe(1)
    expect(house.gateway.servers().map(({ server }) => server)).toEqual(['kept', 'changed', 'added'])
    expect(await house.gateway.handler(callOf('changed.say'))).toEqual(textResult('v2'))
    await expect(house.gateway.handler(callOf('gone.say'))).rejects.toMatchObject({ code: 'unknown_tool' })
  })

  test('is followed in what its servers announce, and the one before it no longer', async () => {
    await using house = openChangingHouse(planOf({ kept: 'v1', gone: 'v1' }))
    const gone = house.of('gone')
    await house.gateway.reload(planOf({ kept: 'v1' }))
    let told = 0
    house.gateway.onCatalogChange(() => (told += 1))
    gone.backend.become({ late: {} })
    await nextTurn()
    expect(told).toBe(0)
    house.of('kept').backend.become({ say: {}, more: {} })
    await nextTurn()
    expect(told).toBe(1)
    expect(house.gateway.visibleTools(SOMEBODY, 'mcp').map(({ ref }) => ref.name)).toEqual(['say', 'more'])
  })

  test('that says the same applies nothing', async () => {
    await using house = openChangingHouse(planOf({ alpha: 'v1' }))
    const reloaded = await house.gateway.reload(planOf({ alpha: 'v1' }))
    expect(reloaded).toMatchObject({ revision: 1, applied: false })
    expect(house.started).toHaveLength(1)
  })

  test('takes a tool away at once, and from no call that has begun', async () => {
    const letGo = Promise.withResolvers<Result>()
    await using house = openChangingHouse(planOf({ alpha: 'v1' }), { answer: () => letGo.promise })
    const begun = house.gateway.handler(callOf('alpha.say'))
    await house.gateway.reload(planOf({ alpha: 'v1' }, { policy: { deny: ['alpha.say'] } }))
    expect(house.started).toHaveLength(1)
    expect(house.gateway.visibleTools(SOMEBODY, 'mcp')).toEqual([])
    await expect(house.gateway.handler(callOf('alpha.say'))).rejects.toMatchObject({ code: 'unknown_tool' })
    letGo.resolve(textResult('done'))
    expect(await begun).toEqual(textResult('done'))
  })

  test('reports what needs a restart, keeps it as it is, and applies the rest', async () => {
    await using house = openChangingHouse(planOf({ alpha: 'v1' }))
    const config = { http: { port: 1 }, sandbox: { limits: { wallMs: 100 } }, timeoutMs: 5_000 }
    const reloaded = await house.gateway.reload(planOf({ alpha: 'v1' }, config))
    expect(reloaded.diff).toMatchObject({
      settings: ['timeoutMs'],
      restart: ['http.port', 'sandbox.limits.wallMs'],
    })
    const { plan } = house.gateway.configuration()
    expect([plan.timeoutMs, plan.http.port, plan.sandbox.limits.wallMs]).toEqual([5_000, 7333, 60_000])
    // It is said again for as long as it is so.
    const again = await house.gateway.reload(planOf({ alpha: 'v1' }, config))
    expect(again).toMatchObject({ applied: false, diff: { restart: ['http.port', 'sandbox.limits.wallMs'] } })
  })

  test('waits for its turn: two at once are applied one after the other', async () => {
    await using house = openChangingHouse(planOf({ alpha: 'v1' }), { settled: () => sleep(5) })
    const both = [
      house.gateway.reload(planOf({ alpha: 'v2' })),
      house.gateway.reload(planOf({ alpha: 'v3' })),
    ]
    expect((await Promise.all(both)).map(({ revision }) => revision)).toEqual([2, 3])
    expect(await house.gateway.handler(callOf('alpha.say'))).toEqual(textResult('v3'))
    await nextTurn()
    expect(house.started.map(({ isClosed }) => isClosed())).toEqual([true, true, false])
  })
})

describe('a server of a new configuration', () => {
  test('is there when the configuration is: calls never meet one that is still starting', async () => {
    let isUp = false
    await using house = openChangingHouse(planOf({ alpha: 'v1' }), {
      settled: async (plan) => {
        if (versionOf(plan) === 'v1') return
        await sleep(20)
        isUp = true
      },
      answer: async (_call, plan) => textResult(`${versionOf(plan)} ${isUp}`),
    })
    const reloading = house.gateway.reload(planOf({ alpha: 'v2' }))
    expect(await house.gateway.handler(callOf('alpha.say'))).toEqual(textResult('v1 false'))
    await reloading
    expect(await house.gateway.handler(callOf('alpha.say'))).toEqual(textResult('v2 true'))
  })

  test('that does not come up holds the others for a limited time only', async () => {
    await using house = openChangingHouse(planOf({ alpha: 'v1' }), {
      provisionMs: 20,
      settled: ({ name }) => (name === 'hangs' ? new Promise(() => {}) : Promise.resolve()),
    })
    expect(await house.gateway.reload(planOf({ alpha: 'v2', hangs: 'v1' }))).toMatchObject({ applied: true })
    expect(await house.gateway.handler(callOf('alpha.say'))).toEqual(textResult('v2'))
  })

  test('that cannot be started at all leaves everything as it was', async () => {
    await using house = openChangingHouse(planOf({ alpha: 'v1' }), {
      onStart: ({ name }) => {
        if (name === 'broken') throw new Error('out of processes')
      },
    })
    const before = house.gateway.snapshot()
    await expect(house.gateway.reload(planOf({ alpha: 'v2', broken: 'v1' }))).rejects.toThrow(
      'out of processes',
    )
    expect(house.gateway.configuration().revision).toBe(1)
    expect(house.gateway.snapshot()).toBe(before)
    expect(await house.gateway.handler(callOf('alpha.say'))).toEqual(textResult('v1'))
    expect(house.started.map(({ isClosed }) => isClosed())).toEqual([false, true])
    // The next good one is applied.
    expect(await house.gateway.reload(planOf({ alpha: 'v3' }))).toMatchObject({ revision: 2 })
  })
})
