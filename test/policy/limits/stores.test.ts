import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

import { describe, expect, test } from 'vitest'

import { GatewayError } from '../../../src/core/errors.ts'
import { createTestClock } from '../../store/house.ts'
import { openHouses, PLACES } from '../../store/governance/house.ts'
import { budgetOf, callWith, houseOf, keyWith, outcomeOf } from './house.ts'

const MILLION = 1_000_000

describe.each(PLACES)('over $name', (place) => {
  test('200 calls at once, through as many gateways as can share it, never overshoot', async () => {
    const { houses, house, clock } = await openHouses(place, place.isShared ? 3 : 1)
    const gateways = houses.map(({ budgets }) => houseOf(clock, budgets))
    const standing = keyWith({ budgets: [budgetOf(60), budgetOf(150, { per: 'hour', calendar: false })] })
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        outcomeOf(gateways[index % gateways.length]?.handler ?? (() => Promise.reject()), callWith(standing)),
      ),
    )
    expect(outcomes.filter((outcome) => outcome === 'ok').length).toBe(60)
    expect(new Set(outcomes)).toEqual(new Set(['ok', 'budget_exhausted']))
    await Promise.all(gateways.map(({ limits }) => limits.close()))
    const rows = await house.budgets.list()
    expect(rows.map(({ spent }) => spent)).toEqual([60 * MILLION, 60 * MILLION])
  })

  test('a gateway that starts anew goes on with what the store says', async () => {
    const { house, clock } = await openHouses(place, 1)
    const call = callWith(keyWith({ budgets: [budgetOf(1_000, { per: 'total' })] }))
    const first = houseOf(clock, house.budgets)
    for (let calls = 0; calls < 13; calls++) await first.handler(call)
    await first.limits.close()
    const killed = houseOf(clock, house.budgets, { idleMs: 1e6 })
    await killed.handler(call)
    const next = houseOf(clock, house.budgets)
    await next.handler(call)
    await next.limits.close()
    const [row] = await house.budgets.list()
    // 13 and 1, and the portion that died with its gateway.
    expect(row?.spent).toBe((13 + 10 + 1) * MILLION)
    const [shown] = await next.limits.describe(call.trail?.standing)
    expect(shown).toMatchObject({ amount: 1_000, used: 24 })
  })

  test('a clock that was set back between two starts opens no budget that was spent', async () => {
    const clock = createTestClock()
    const { house } = await openHouses(place, 1, clock)
    for (const calendar of [true, false]) {
      const call = callWith(keyWith({ budgets: [budgetOf(1, { per: 'day', calendar })] }))
      const before = houseOf(clock, house.budgets)
      expect(await outcomeOf(before.handler, call)).toBe('ok')
      await before.limits.close()
      const back = { ...clock, nowMs: () => clock.nowMs() - 40 * 86_400_000 }
      expect(await outcomeOf(houseOf(back, house.budgets).handler, call)).toBe('budget_exhausted')
    }
  })

  test('what a call gives back can be spent by another gateway', async () => {
    const { houses, clock } = await openHouses(place, place.isShared ? 2 : 1)
    const [first, second = first] = houses
    if (first === undefined || second === undefined) throw new Error('There is no store.')
    const call = callWith(keyWith({ budgets: [budgetOf(1)] }))
    const refusing = houseOf(clock, first.budgets, {
      idleMs: 5,
      backend: () => Promise.reject(new GatewayError('approval_pending', 'Wait.')),
    })
    expect(await outcomeOf(refusing.handler, call)).toBe('approval_pending')
    await expect.poll(async () => (await second.budgets.list())[0]?.spent).toBe(0)
    expect(await outcomeOf(houseOf(clock, second.budgets).handler, call)).toBe('ok')
  })
})

test('a gateway that is killed again and again never lets more through than the budget', async () => {
  const place = PLACES.find(({ name }) => name === 'SQLite in a file')
  if (place === undefined) throw new Error('There is no such store.')
  const { house, place: where } = await openHouses(place, 1)
  const program = join(import.meta.dirname, 'programs/spender.ts')
  let made = 0
  for (let life = 0; life < 4; life++) {
    const child = spawn(process.execPath, [program, where.path ?? ''], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    child.stdout.on('data', (chunk: Buffer) => {
      made += chunk.length
      if (made > 40 * (life + 1)) child.kill('SIGKILL')
    })
    await once(child, 'close')
  }
  const [row] = await house.budgets.list()
  expect(made).toBeGreaterThan(100)
  expect(made).toBeLessThanOrEqual(400)
  expect(row?.spent).toBeGreaterThanOrEqual(made * MILLION)
  expect(row?.spent).toBeLessThanOrEqual(400 * MILLION)
})
