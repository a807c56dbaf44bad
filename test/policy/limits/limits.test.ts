import { describe, expect, test } from 'vitest'

import { GatewayError } from '../../../src/core/errors.ts'
import type { Standing } from '../../../src/core/identity.ts'
import { textResult } from '../../../src/core/result.ts'
import { heldClock } from '../call-of.ts'
import { budgetOf, callWith, houseOf, keyWith, levelOf, outcomeOf, refusalOf } from './house.ts'
import { createMemoryBudgets } from './memory-budgets.ts'

const three: Standing = {
  organisation: 'acme',
  team: 'data',
  key: 'ci',
  levels: [
    levelOf('organisation', 'acme', { rates: [{ calls: 4, per: 'minute' }] }),
    levelOf('team', 'data', { rates: [{ calls: 3, per: 'minute' }] }),
    levelOf('key', 'ci', { rates: [{ calls: 2, per: 'minute' }] }),
  ],
}

describe('a rate', () => {
  test('refuses with its level, its size and its end, and lets in again when that has come', async () => {
    const clock = heldClock()
    const { handler } = houseOf(clock, createMemoryBudgets())
    const call = callWith(three)
    expect(await outcomeOf(handler, call)).toBe('ok')
    clock.advance(20_000)
    expect(await outcomeOf(handler, call)).toBe('ok')
    clock.advance(10_500)
    const refusal = await refusalOf(handler, call)
    expect(refusal.code).toBe('rate_limited')
    expect(refusal.message).toBe(
      'A rate of the key ci is used up: 2 calls a minute. There is room again in 30 s.',
    )
    expect(refusal.detail).toEqual({
      level: 'key',
      id: 'ci',
      limit: 2,
      unit: 'calls',
      per: 'minute',
      retryAfterMs: 29_500,
    })
    clock.advance(29_499)
    expect(await outcomeOf(handler, call)).toBe('rate_limited')
    clock.advance(1)
    expect(await outcomeOf(handler, call)).toBe('ok')
  })

  test('of every level holds, and a refusal by one takes nothing of the others', async () => {
    const clock = heldClock()
    const { handler } = houseOf(clock, createMemoryBudgets(), {
      gateway: { rates: [{ calls: 4, per: 'second' }] },
    })
    for (const _ of [1, 2]) await handler(callWith(three))
    for (const _ of [1, 2, 3]) expect(await outcomeOf(handler, callWith(three))).toBe('rate_limited')
    // Another key of the team: one is left of the team's three, whatever was refused before.
    const other: Standing = { ...three, key: 'cd', levels: three.levels.slice(0, 2) }
    expect(await outcomeOf(handler, callWith(other))).toBe('ok')
    expect((await refusalOf(handler, callWith(other))).message).toContain('the team data')
    const stranger: Standing = { levels: three.levels.slice(0, 1) }
    expect(await outcomeOf(handler, callWith(stranger))).toBe('ok')
    expect((await refusalOf(handler, callWith(stranger))).message).toContain('the organisation acme')
    // Of several the one that holds longest is named.
    expect((await refusalOf(handler, callWith(undefined))).message).toContain('the gateway is used up')
    expect((await refusalOf(handler, callWith(three))).message).toContain('minute')
  })

  test('can be for some tools, and apart for each server or each tool', async () => {
    const { handler } = houseOf(heldClock(), createMemoryBudgets())
    const standing = keyWith({
      rates: [
        { calls: 1, per: 'minute', tools: ['mail.*'] },
        { calls: 2, per: 'minute', each: 'tool' },
        { calls: 3, per: 'minute', each: 'server' },
      ],
    })
    expect(await outcomeOf(handler, callWith(standing, 'mail.send'))).toBe('ok')
    expect((await refusalOf(handler, callWith(standing, 'mail.list'))).message).toContain('1 calls a minute')
    for (const _ of [1, 2]) await handler(callWith(standing, 'files.read'))
    const ofTool = await refusalOf(handler, callWith(standing, 'files.read'))
    expect(ofTool.message).toContain('for files.read')
    expect(ofTool.detail['for']).toBe('files.read')
    await handler(callWith(standing, 'files.write'))
    expect((await refusalOf(handler, callWith(standing, 'files.list'))).detail['for']).toBe('files')
    expect(await outcomeOf(handler, callWith(standing, 'notes.list'))).toBe('ok')
  })

  test('goes on with what was used where only its size is changed', async () => {
    const { handler } = houseOf(heldClock(), createMemoryBudgets())
    for (const _ of [1, 2]) await handler(callWith(keyWith({ rates: [{ calls: 5, per: 'day' }] })))
    expect(await outcomeOf(handler, callWith(keyWith({ rates: [{ calls: 2, per: 'day' }] })))).toBe(
      'rate_limited',
    )
    expect(await outcomeOf(handler, callWith(keyWith({ rates: [{ calls: 3, per: 'day' }] })))).toBe('ok')
  })

  test('of requests is counted where a request comes in, and not by calls', async () => {
    const clock = heldClock()
    const { handler, limits } = houseOf(clock, createMemoryBudgets(), {
      gateway: { rates: [{ requests: 3, per: 'second' }] },
    })
    const standing = keyWith({ rates: [{ requests: 2, per: 'second' }] })
    for (let count = 0; count < 5; count++) await handler(callWith(standing))
    for (const _ of [1, 2]) limits.takeRequest(standing)
    expect(() => limits.takeRequest(standing)).toThrow(/2 requests a second/)
    limits.takeRequest(undefined)
    expect(() => limits.takeRequest(undefined)).toThrow(GatewayError)
    clock.advance(1_000)
    limits.takeRequest(standing)
  })

  test('is not lifted by a clock that is set forward', async () => {
    const clock = heldClock()
    let aheadMs = 0
    const { handler } = houseOf({ ...clock, nowMs: () => clock.nowMs() + aheadMs }, createMemoryBudgets())
    const call = callWith(keyWith({ rates: [{ calls: 1, per: 'minute' }] }))
    await handler(call)
    aheadMs = 3_600_000
    expect(await outcomeOf(handler, call)).toBe('rate_limited')
  })
})

describe('calls in flight', () => {
  test('are bounded for each level, and the place is free again however a call ends', async () => {
    const ends: ((fails: boolean) => void)[] = []
    const { handler } = houseOf(heldClock(), createMemoryBudgets(), {
      backend: () =>
        new Promise((resolve, reject) => {
          ends.push((fails) =>
            fails ? reject(new GatewayError('upstream_closed', 'Gone.')) : resolve(textResult('')),
          )
        }),
    })
    const standing = keyWith({ concurrency: 2 })
    const [first, second] = [outcomeOf(handler, callWith(standing)), outcomeOf(handler, callWith(standing))]
    const refusal = await refusalOf(handler, callWith(standing))
    expect(refusal.code).toBe('too_many_calls')
    expect(refusal.message).toContain('As many calls of the key ci are in flight as it may have: 2.')
    expect(refusal.detail['retryAfterMs']).toBeGreaterThan(0)
    ends[0]?.(true)
    expect(await first).toBe('upstream_closed')
    const third = outcomeOf(handler, callWith(standing))
    ends[1]?.(false)
    ends[2]?.(false)
    expect(await Promise.all([second, third])).toEqual(['ok', 'ok'])
  })

  test('are given back where a layer below throws at once', async () => {
    const { handler } = houseOf(heldClock(), createMemoryBudgets(), {
      backend: () => {
        throw new GatewayError('upstream_unavailable', 'Down.')
      },
    })
    for (const _ of [1, 2, 3])
      expect(await outcomeOf(handler, callWith(keyWith({ concurrency: 1 })))).toBe('upstream_unavailable')
  })

  test('leave room for what a script calls, also where one place is all there is', async () => {
    const standing = keyWith({ concurrency: 1 })
    const nested: string[] = []
    const house = houseOf(heldClock(), createMemoryBudgets(), {
      backend: async ({ id, tool }) => {
        if (tool.server !== 'code') return textResult('')
        for (const key of ['files.read', 'scripts.nightly'])
          nested.push(await outcomeOf(house.handler, callWith(standing, key, { parent: id, door: 'script' })))
        nested.push(await outcomeOf(house.handler, callWith(standing, 'code.run_script')))
        return textResult('')
      },
    })
    expect(await outcomeOf(house.handler, callWith(standing, 'code.run_script'))).toBe('ok')
    expect(nested).toEqual(['ok', 'ok', 'too_many_calls'])
  })
})

describe('what counts', () => {
  test('nothing where nothing is configured: the layer hands the very promise on', () => {
    const result = Promise.resolve(textResult(''))
    const { handler } = houseOf(heldClock(), createMemoryBudgets(), { backend: () => result })
    expect(handler(callWith(undefined))).toBe(result)
    expect(handler(callWith({ levels: [] }))).toBe(result)
    expect(handler(callWith(keyWith({ rates: [{ calls: 1, per: 'day', tools: ['mail.*'] }] })))).toBe(result)
  })

  test("a call of Isogate's own tools only where it is named; what it calls does", async () => {
    const { handler } = houseOf(heldClock(), createMemoryBudgets())
    const standing = keyWith({ rates: [{ calls: 1, per: 'day' }], budgets: [budgetOf(1)] })
    for (const _ of [1, 2, 3])
      expect(await outcomeOf(handler, callWith(standing, 'code.run_script'))).toBe('ok')
    const ofRun = { parent: 'run', door: 'script' } as const
    expect(await outcomeOf(handler, callWith(standing, 'files.read', ofRun))).toBe('ok')
    expect(await outcomeOf(handler, callWith(standing, 'files.read', ofRun))).toBe('rate_limited')
    const named = keyWith({ rates: [{ calls: 1, per: 'day', tools: ['code.*'] }] }, 'cd')
    await handler(callWith(named, 'code.run_script'))
    expect(await outcomeOf(handler, callWith(named, 'code.run_script'))).toBe('rate_limited')
  })

  test('prompts and resources pay rates and no budgets, and made-up names do not get around a rate', async () => {
    const { handler } = houseOf(heldClock(), createMemoryBudgets())
    const standing = keyWith({ rates: [{ calls: 2, per: 'day', each: 'tool' }], budgets: [budgetOf(1)] })
    const read = (uri: string): Promise<string> =>
      outcomeOf(
        handler,
        callWith(standing, 'files.x', {
          method: 'resources/read',
          tool: { server: 'files', name: uri, kind: 'resource' },
        }),
      )
    expect([await read('a:1'), await read('a:2'), await read('a:3')]).toEqual(['ok', 'ok', 'rate_limited'])
  })

  test('a call that is only simulated pays rates and no budgets', async () => {
    const { handler } = houseOf(heldClock(), createMemoryBudgets())
    const standing = keyWith({ rates: [{ calls: 3, per: 'day' }], budgets: [budgetOf(1)] })
    for (const _ of [1, 2])
      expect(await outcomeOf(handler, callWith(standing, 'files.read', { isSimulated: true }))).toBe('ok')
    expect(await outcomeOf(handler, callWith(standing))).toBe('ok')
    expect(await outcomeOf(handler, callWith(standing))).toBe('rate_limited')
  })
})

test('people are told what holds, what of it is used, and when it ends', async () => {
  const clock = heldClock()
  const { handler, limits } = houseOf(clock, createMemoryBudgets(), { gateway: { concurrency: 9 } })
  const standing = keyWith({
    rates: [{ calls: 5, per: 'minute', each: 'server' }],
    budgets: [budgetOf(1_000), budgetOf(7, { per: 'total', tools: ['mail.*'] })],
  })
  for (const key of ['files.read', 'files.read', 'mail.send']) await handler(callWith(standing, key))
  expect(await limits.describe(standing)).toEqual([
    { level: 'key', id: 'ci', kind: 'rate', unit: 'calls', amount: 5, used: 2, per: 'minute', of: 'files' },
    { level: 'key', id: 'ci', kind: 'rate', unit: 'calls', amount: 5, used: 1, per: 'minute', of: 'mail' },
    { level: 'gateway', id: '', kind: 'concurrency', unit: 'calls', amount: 9, used: 0 },
    {
      level: 'key',
      id: 'ci',
      kind: 'budget',
      unit: 'calls',
      amount: 1_000,
      used: 3,
      per: 'day',
      endsAtMs: Math.ceil(clock.nowMs() / 86_400_000) * 86_400_000,
    },
    {
      level: 'key',
      id: 'ci',
      kind: 'budget',
      unit: 'calls',
      amount: 7,
      used: 1,
      per: 'total',
      tools: ['mail.*'],
    },
  ])
})
