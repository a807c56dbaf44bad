import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'

import { describe, expect, test } from 'vitest'

import { textResult, type Result } from '../../src/core/result.ts'
import { callOf } from '../policy/call-of.ts'
import { openChangingHouse, planOf, versionOf } from './changing-house.ts'

describe('a server that is replaced', () => {
  test('finishes the calls that it has, those in its queue too, and is closed then', async () => {
    const letGo: (() => void)[] = []
    const limits = { concurrency: 1, queue: 5 }
    const withLimits = (version: string) => {
      const plan = planOf({ alpha: version })
      return {
        ...plan,
        servers: plan.servers.map((server) => ({ ...server, limits: { ...server.limits, ...limits } })),
      }
    }
    await using house = openChangingHouse(withLimits('v1'), {
      answer: (_call, plan) =>
        versionOf(plan) === 'v2'
          ? Promise.resolve(textResult('v2'))
          : new Promise((done) => letGo.push(() => done(textResult('v1')))),
    })
    const old = house.of('alpha')
    const begun = [house.gateway.handler(callOf('alpha.say')), house.gateway.handler(callOf('alpha.say'))]
    await house.gateway.reload(withLimits('v2'))
    // The old one has all of its slots taken; that is nothing to the new one.
    expect(await house.gateway.handler(callOf('alpha.say'))).toEqual(textResult('v2'))
    for (const index of begun.keys()) {
      while (letGo.length === 0) await nextTurn()
      expect(old.isClosed(), `before call ${index} ended`).toBe(false)
      letGo.shift()?.()
    }
    expect(await Promise.all(begun)).toEqual([textResult('v1'), textResult('v1')])
    await nextTurn()
    expect(old.isClosed()).toBe(true)
  })

  test('is closed after the limit, whatever it still does', async () => {
    await using house = openChangingHouse(planOf({ alpha: 'v1' }), {
      drainMs: 30,
      answer: () => new Promise(() => {}),
    })
    const old = house.of('alpha')
    const begun = expect(house.gateway.handler(callOf('alpha.say'))).rejects.toMatchObject({
      code: 'upstream_closed',
    })
    await house.gateway.reload(planOf({ alpha: 'v2' }))
    expect(old.isClosed()).toBe(false)
    await begun
    expect(old.isClosed()).toBe(true)
  })

  test('is closed with the gateway while it drains, and so is one that is still starting', async () => {
    const house = openChangingHouse(planOf({ alpha: 'v1' }), {
      answer: () => new Promise(() => {}),
      settled: (plan) => (versionOf(plan) === 'v3' ? sleep(20) : Promise.resolve()),
    })
    house.gateway.handler(callOf('alpha.say')).catch(() => {})
    await house.gateway.reload(planOf({ alpha: 'v2' }))
    const late = house.gateway.reload(planOf({ alpha: 'v3' }))
    const refused = expect(late).rejects.toMatchObject({ code: 'shutting_down' })
    await nextTurn()
    await house.gateway.close()
    await refused
    expect(house.started.map(({ isClosed }) => isClosed())).toEqual([true, true, true])
  })

  test('and one that is kept has its slots once, not once for each configuration', async () => {
    const letGo: (() => void)[] = []
    const load = { now: 0, most: 0 }
    await using house = openChangingHouse(planOf({ alpha: 'v1' }), {
      answer: async () => {
        load.now += 1
        load.most = Math.max(load.most, load.now)
        await new Promise<void>((done) => letGo.push(done))
        load.now -= 1
        return textResult('done')
      },
    })
    const calls: Promise<Result>[] = []
    for (const timeoutMs of [1_000, 2_000, 3_000]) {
      for (let index = 0; index < 10; index += 1) calls.push(house.gateway.handler(callOf('alpha.say')))
      await house.gateway.reload(planOf({ alpha: 'v1' }, { timeoutMs }))
    }
    const all = Promise.all(calls)
    while (load.now > 0) {
      letGo.shift()?.()
      await nextTurn()
    }
    await all
    // The default of `limits.concurrency`.
    expect(load.most).toBe(16)
  })
})
