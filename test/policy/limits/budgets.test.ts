import { setTimeout as sleep } from 'node:timers/promises'

import { describe, expect, test } from 'vitest'

import type { Handler } from '../../../src/core/call.ts'
import { GatewayError } from '../../../src/core/errors.ts'
import { textResult } from '../../../src/core/result.ts'
import { heldClock } from '../call-of.ts'
import { budgetOf, callWith, houseOf, keyWith, outcomeOf, refusalOf } from './house.ts'
import { createMemoryBudgets, type MemoryBudgets } from './memory-budgets.ts'

const DAY_MS = 86_400_000
const spentOf = (store: MemoryBudgets): number[] => store.rows().map(({ spent }) => spent / 1_000_000)
const count = (outcomes: readonly string[], wanted: string): number =>
  outcomes.filter((outcome) => outcome === wanted).length

describe('200 calls at once', () => {
  test.each([1, 30, 199])('never overshoot a budget of %s', async (amount) => {
    const store = createMemoryBudgets()
    const { handler, made } = houseOf(heldClock(), store)
    const standing = keyWith({ budgets: [budgetOf(amount)] })
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, () => outcomeOf(handler, callWith(standing))),
    )
    expect(count(outcomes, 'ok')).toBe(amount)
    expect(count(outcomes, 'budget_exhausted')).toBe(200 - amount)
    expect(made.length).toBe(amount)
    expect(spentOf(store)).toEqual([amount])
    // They asked together, not each for itself.
    expect(store.takes()).toBeLessThanOrEqual(3)
    expect(store.mostAtOnce()).toBe(1)
  })

  test('through two gateways that share a store never overshoot it either', async () => {
    const store = createMemoryBudgets(() => 2)
    const houses = [houseOf(heldClock(), store), houseOf(heldClock(), store)]
    const standing = keyWith({ budgets: [budgetOf(50)] })
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        outcomeOf(houses[index % 2]?.handler ?? fail(), callWith(standing)),
      ),
    )
    expect(count(outcomes, 'ok')).toBe(50)
    await Promise.all(houses.map(({ limits }) => limits.close()))
    expect(spentOf(store)).toEqual([50])
  })
})

function fail(): never {
  throw new Error('There is no such house.')
}

describe('a portion', () => {
  test('of a large budget is taken once and spent in memory; the rest of it goes back at the end', async () => {
    const store = createMemoryBudgets()
    const { handler, limits } = houseOf(heldClock(), store)
    const standing = keyWith({ budgets: [budgetOf(10_000)] })
    for (let calls = 0; calls < 100; calls++) await handler(callWith(standing))
    expect(store.takes()).toBe(1)
    await handler(callWith(standing))
    expect(store.takes()).toBe(2)
    expect(spentOf(store)).toEqual([200])
    await limits.close()
    expect(spentOf(store)).toEqual([101])
  })

  test('goes back to where others find it when it is not touched for a while', async () => {
    const store = createMemoryBudgets()
    const { handler } = houseOf(heldClock(), store, { idleMs: 5 })
    const other = houseOf(heldClock(), store)
    const standing = keyWith({ budgets: [budgetOf(1)] })
    const denied = houseOf(heldClock(), store, {
      idleMs: 5,
      backend: () => Promise.reject(new GatewayError('approval_pending', 'Wait.')),
    })
    expect(await outcomeOf(denied.handler, callWith(standing))).toBe('approval_pending')
    await expect.poll(() => spentOf(store)).toEqual([0])
    expect(await outcomeOf(other.handler, callWith(standing))).toBe('ok')
    expect(await outcomeOf(handler, callWith(standing))).toBe('budget_exhausted')
  })

  test('that is in use is kept for as long as it is, and goes back a while later', async () => {
    const store = createMemoryBudgets()
    const { handler } = houseOf(heldClock(), store, { idleMs: 2 })
    const call = callWith(keyWith({ budgets: [budgetOf(10_000)] }))
    for (let calls = 0; calls < 20; calls++) {
      await handler(call)
      await sleep(4)
    }
    expect([store.takes(), store.returns()]).toEqual([1, 0])
    await expect.poll(() => spentOf(store)).toEqual([20])
  })

  test('is lost when the process is killed, and the next one starts from what the store says', async () => {
    const store = createMemoryBudgets()
    const standing = keyWith({ budgets: [budgetOf(300)] })
    const killed = houseOf(heldClock(), store)
    await killed.handler(callWith(standing))
    const next = houseOf(heldClock(), store)
    const outcomes: string[] = []
    for (let calls = 0; calls < 310; calls++) outcomes.push(await outcomeOf(next.handler, callWith(standing)))
    expect(count(outcomes, 'ok')).toBe(297)
  })

  test('that was taken under a higher limit is not spent under a lower one', async () => {
    const store = createMemoryBudgets()
    const { handler } = houseOf(heldClock(), store)
    for (let calls = 0; calls < 5; calls++) await handler(callWith(keyWith({ budgets: [budgetOf(1_000)] })))
    const lowered = callWith(keyWith({ budgets: [budgetOf(6)] }))
    expect(await outcomeOf(handler, lowered)).toBe('ok')
    expect(await outcomeOf(handler, lowered)).toBe('budget_exhausted')
    expect(await outcomeOf(handler, callWith(keyWith({ budgets: [budgetOf(7)] })))).toBe('ok')
  })

  test('that cannot be taken fails with the error of the store; what is in hand goes on', async () => {
    const store = createMemoryBudgets()
    const { handler } = houseOf(heldClock(), store)
    const standing = keyWith({ budgets: [budgetOf(500)] })
    await handler(callWith(standing))
    store.failWith(new GatewayError('store_unusable', 'The disk is full.'))
    for (const _ of [1, 2, 3, 4]) expect(await outcomeOf(handler, callWith(standing))).toBe('ok')
    const together = [1, 2, 3].map(() => outcomeOf(handler, callWith(standing)))
    expect(await Promise.all(together)).toEqual(['store_unusable', 'store_unusable', 'store_unusable'])
    store.failWith(undefined)
    expect(await outcomeOf(handler, callWith(standing))).toBe('ok')
  })
})

describe('a window', () => {
  test('that has ended is followed by the next, and a refusal says when', async () => {
    const clock = heldClock()
    const { handler } = houseOf(clock, createMemoryBudgets())
    const call = callWith(keyWith({ budgets: [budgetOf(1)] }))
    await handler(call)
    const refusal = await refusalOf(handler, call)
    const endsAtMs = Math.ceil(clock.nowMs() / DAY_MS) * DAY_MS
    expect(refusal.message).toBe(
      `A budget of the key ci is used up or set aside for calls in flight: 1 calls a day. It is filled again at ${new Date(endsAtMs).toISOString()}.`,
    )
    expect(refusal.detail).toEqual({
      level: 'key',
      id: 'ci',
      limit: 1,
      unit: 'calls',
      per: 'day',
      endsAt: new Date(endsAtMs).toISOString(),
      retryAfterMs: endsAtMs - clock.nowMs(),
    })
    clock.advance(endsAtMs - clock.nowMs())
    expect(await outcomeOf(handler, call)).toBe('ok')
  })

  test('in all has no end, and says so', async () => {
    const { handler } = houseOf(heldClock(), createMemoryBudgets())
    const call = callWith(keyWith({ budgets: [budgetOf(1, { per: 'total' })] }))
    await handler(call)
    const refusal = await refusalOf(handler, call)
    expect(refusal.message).toContain('1 calls in all. It is not filled again.')
    expect(refusal.detail).not.toHaveProperty('retryAfterMs')
  })

  test('can begin with the first use, the same for all who share a store', async () => {
    const clock = heldClock()
    const store = createMemoryBudgets()
    const houses = [houseOf(clock, store), houseOf(clock, store)]
    const call = callWith(keyWith({ budgets: [budgetOf(2, { per: 'hour', calendar: false })] }))
    const ask = (index: number): Promise<string> => outcomeOf(houses[index]?.handler ?? fail(), call)
    expect(await Promise.all([ask(0), ask(0)])).toEqual(['ok', 'ok'])
    clock.advance(3_599_999)
    expect(await ask(1)).toBe('budget_exhausted')
    clock.advance(1)
    expect([await ask(1), await ask(0), await ask(0)]).toEqual(['ok', 'ok', 'budget_exhausted'])
    clock.advance(3_599_999)
    expect(await ask(1)).toBe('budget_exhausted')
  })

  test.each([true, false])(
    'that is over is not opened again by a clock that is set back, and the one that is open becomes no longer (calendar: %s)',
    async (calendar) => {
      const held = heldClock()
      let setMs = 0
      const store = createMemoryBudgets()
      const { handler } = houseOf({ ...held, nowMs: () => held.nowMs() + setMs }, store)
      const call = callWith(keyWith({ budgets: [budgetOf(1, { per: 'hour', calendar })] }))
      await handler(call)
      held.advance(3_600_000)
      expect(await outcomeOf(handler, call)).toBe('ok')
      setMs = -5 * 3_600_000
      expect(await outcomeOf(handler, call)).toBe('budget_exhausted')
      // An hour later its time is over, whatever the clock of the machine shows.
      held.advance(3_600_000)
      expect(await outcomeOf(handler, call)).toBe('ok')
      const starts = store.rows().map(({ windowStartMs }) => windowStartMs)
      expect(starts).toEqual(starts.toSorted((a, b) => a - b))
    },
  )

  test('gets back what a call did not need, also where the call ends after it', async () => {
    const clock = heldClock()
    const store = createMemoryBudgets()
    const gate = Promise.withResolvers<void>()
    const { handler, limits } = houseOf(clock, store, {
      backend: async () => {
        await gate.promise
        throw new GatewayError('upstream_unavailable', 'Down.')
      },
    })
    const call = callWith(keyWith({ budgets: [budgetOf(5)] }))
    const first = outcomeOf(handler, call)
    await expect.poll(() => spentOf(store)).toEqual([1])
    clock.advance(DAY_MS)
    const second = outcomeOf(handler, call)
    await expect.poll(() => spentOf(store)).toEqual([1, 1])
    gate.resolve()
    expect(await Promise.all([first, second])).toEqual(['upstream_unavailable', 'upstream_unavailable'])
    await limits.close()
    await expect.poll(() => spentOf(store)).toEqual([0, 0])
  })
})

describe('what a call costs', () => {
  const made = async (code: GatewayError): Promise<number | undefined> => {
    const store = createMemoryBudgets()
    const { handler, limits } = houseOf(heldClock(), store, { backend: () => Promise.reject(code) })
    await outcomeOf(handler, callWith(keyWith({ budgets: [budgetOf(100)] })))
    await limits.close()
    return spentOf(store)[0]
  }

  test('nothing where it was refused before it was sent, all of it where it may have been made', async () => {
    for (const code of ['approval_pending', 'overloaded', 'upstream_unavailable', 'sandbox_busy'] as const)
      expect([code, await made(new GatewayError(code, ''))]).toEqual([code, 0])
    for (const code of [
      'call_timeout',
      'call_cancelled',
      'upstream_closed',
      'upstream_failed',
      'internal',
    ] as const)
      expect([code, await made(new GatewayError(code, ''))]).toEqual([code, 1])
    const status = (upstreamStatus: string): GatewayError =>
      new GatewayError('upstream_unavailable', '', { detail: { upstreamStatus } })
    expect([await made(status('401')), await made(status('504'))]).toEqual([0, 1])
  })

  test('money is that of the first price that matches, and what has none is free', async () => {
    const store = createMemoryBudgets()
    const prices = [
      { tools: 'maps.geocode', perCall: 0.1 },
      { tools: 'maps.*', perCall: 0.25 },
    ]
    const { handler, limits } = houseOf(heldClock(), store, { prices })
    const standing = keyWith({ budgets: [budgetOf(0.7, { unit: 'money', per: 'month' })] })
    const ask = (key: string): Promise<string> => outcomeOf(handler, callWith(standing, key))
    expect([await ask('maps.geocode'), await ask('maps.geocode'), await ask('maps.geocode')]).toEqual(
      Array(3).fill('ok'),
    )
    expect([await ask('maps.route'), await ask('maps.route'), await ask('maps.geocode')]).toEqual([
      'ok',
      'budget_exhausted',
      'ok',
    ])
    expect([await ask('maps.geocode'), await ask('files.read')]).toEqual(['budget_exhausted', 'ok'])
    await limits.close()
    expect(spentOf(store)).toEqual([0.65])
  })

  test('a price beyond the budget is refused, however many ask at once', async () => {
    const store = createMemoryBudgets()
    const { handler } = houseOf(heldClock(), store, { prices: [{ tools: '*', perCall: 1e9 }] })
    const call = callWith(keyWith({ budgets: [budgetOf(1e9 - 1, { unit: 'money' })] }))
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => outcomeOf(handler, call)))
    expect(new Set(outcomes)).toEqual(new Set(['budget_exhausted']))
  })

  test('tokens are set aside, then counted; a script pays for what it is given, not for what it reads', async () => {
    const store = createMemoryBudgets()
    const { handler, limits } = houseOf(heldClock(), store, {
      backend: ({ trail, args }) => {
        if (trail !== undefined && args['counted'] !== undefined) trail.resultTokens = 700
        return Promise.resolve(textResult('x'.repeat(400)))
      },
    })
    const standing = keyWith({ budgets: [budgetOf(10_000, { unit: 'tokens' })] })
    await handler(callWith(standing, 'files.read', { args: { counted: true } }))
    await handler(callWith(standing))
    await handler(callWith(standing, 'files.read', { parent: 'run', door: 'script' }))
    await handler(callWith(standing, 'code.run_script'))
    await limits.close()
    expect(spentOf(store)).toEqual([900])
  })

  test('tokens of a tool are counted by its own name and once, also where call_tool calls it', async () => {
    for (const tools of [undefined, ['files.*'], ['*']]) {
      const store = createMemoryBudgets()
      const backend: Handler = (call) =>
        call.tool.server === 'code'
          ? house.handler({ ...call, id: 'child', parent: call.id, tool: { server: 'files', name: 'read' } })
          : Promise.resolve(textResult('x'.repeat(20_000)))
      const house = houseOf(heldClock(), store, { backend })
      const budget = budgetOf(9_000, { unit: 'tokens', ...(tools === undefined ? {} : { tools }) })
      const standing = keyWith({ budgets: [budget] })
      const call = callWith(standing, 'code.call_tool')
      expect([await outcomeOf(house.handler, call), await outcomeOf(house.handler, call)]).toEqual([
        'ok',
        'ok',
      ])
      expect(await outcomeOf(house.handler, call)).toBe('budget_exhausted')
      await house.limits.close()
      expect(spentOf(store)).toEqual([10_000])
    }
  })

  test('tokens of call_tool itself count where it is named', async () => {
    const store = createMemoryBudgets()
    const { handler, limits } = houseOf(heldClock(), store, {
      backend: () => Promise.resolve(textResult('x'.repeat(400))),
    })
    const standing = keyWith({ budgets: [budgetOf(8_000, { unit: 'tokens', tools: ['code.*'] })] })
    await handler(callWith(standing, 'code.call_tool'))
    await handler(callWith(standing, 'files.read', { parent: 'call-1' }))
    await limits.close()
    expect(spentOf(store)).toEqual([100])
  })

  test('what is beyond the estimate is charged too, and nothing more is let in', async () => {
    const store = createMemoryBudgets()
    const { handler, limits } = houseOf(heldClock(), store, {
      backend: () => Promise.resolve(textResult('x'.repeat(40_000))),
    })
    const call = callWith(keyWith({ budgets: [budgetOf(5_000, { unit: 'tokens' })] }))
    expect(await outcomeOf(handler, call)).toBe('ok')
    await expect.poll(() => spentOf(store)).toEqual([10_000])
    expect(await outcomeOf(handler, call)).toBe('budget_exhausted')
    await limits.close()
    expect(spentOf(store)).toEqual([10_000])
  })

  test('what is beyond it is not forgotten while the store cannot be written', async () => {
    const store = createMemoryBudgets()
    const { handler, limits } = houseOf(heldClock(), store, {
      backend: () => {
        store.failWith(new GatewayError('store_unusable', 'The disk is full.'))
        return Promise.resolve(textResult('x'.repeat(40_000)))
      },
    })
    const call = callWith(keyWith({ budgets: [budgetOf(20_000, { unit: 'tokens' })] }))
    expect(await outcomeOf(handler, call)).toBe('ok')
    expect(await outcomeOf(handler, call)).toBe('store_unusable')
    expect(spentOf(store)).toEqual([4_000])
    store.failWith(undefined)
    await limits.close()
    expect(spentOf(store)).toEqual([10_000])
  })

  test('seconds of the sandbox are set aside for scripts alone', async () => {
    const store = createMemoryBudgets()
    const { handler, limits } = houseOf(heldClock(), store, {
      sandboxMs: 10_000,
      backend: ({ trail }) => {
        if (trail !== undefined) trail.sandboxSeconds = 0.25
        return Promise.resolve(textResult(''))
      },
    })
    const standing = keyWith({ budgets: [budgetOf(20, { unit: 'sandboxSeconds' })] })
    await handler(callWith(standing))
    expect(spentOf(store)).toEqual([])
    for (const _ of [1, 2, 3]) await handler(callWith(standing, 'code.run_script'))
    await limits.close()
    expect(spentOf(store)).toEqual([0.75])
  })
})

test('a caller who insists on a budget that is used up costs the store nothing', async () => {
  const clock = heldClock()
  const store = createMemoryBudgets()
  const { handler } = houseOf(clock, store)
  const call = callWith(keyWith({ budgets: [budgetOf(1)] }))
  for (let calls = 0; calls < 50; calls++) await outcomeOf(handler, call)
  const takes = store.takes()
  expect(takes).toBeLessThanOrEqual(2)
  clock.advance(1_000)
  for (let calls = 0; calls < 50; calls++) await outcomeOf(handler, call)
  expect(store.takes()).toBe(takes + 1)
})

test('a store that gives nothing, whatever its sums say, is not asked by each call for itself', async () => {
  const store = createMemoryBudgets()
  let takes = 0
  const take = (): Promise<{ taken: number; spent: number }> => {
    takes += 1
    return Promise.resolve({ taken: 0, spent: 0 })
  }
  const { handler } = houseOf(heldClock(), { ...store, take })
  const call = callWith(keyWith({ budgets: [budgetOf(100)] }))
  const outcomes = await Promise.all(Array.from({ length: 50 }, () => outcomeOf(handler, call)))
  expect(count(outcomes, 'budget_exhausted')).toBe(50)
  expect(takes).toBe(1)
})

test('a call that was given up while the store was asked is not made, and gives everything back', async () => {
  const store = createMemoryBudgets(() => 5)
  const { handler, made, limits } = houseOf(heldClock(), store)
  const caller = new AbortController()
  const standing = keyWith({ budgets: [budgetOf(3)], rates: [{ calls: 1, per: 'day' }] })
  const gone = outcomeOf(handler, callWith(standing, 'files.read', { signal: caller.signal }))
  caller.abort(new GatewayError('call_cancelled', 'Gone.'))
  expect(await gone).toBe('call_cancelled')
  expect(made).toEqual([])
  expect(await outcomeOf(handler, callWith(standing))).toBe('ok')
  await limits.close()
  expect(spentOf(store)).toEqual([1])
})
