import { setImmediate as nextTurn } from 'node:timers/promises'

import fc from 'fast-check'
import { expect, test } from 'vitest'

import type { Call, Handler } from '../../../src/core/call.ts'
import { GatewayError } from '../../../src/core/errors.ts'
import type { Level, LevelKind, Standing } from '../../../src/core/identity.ts'
import { textResult } from '../../../src/core/result.ts'
import { compileTerms } from '../../../src/policy/limits/terms.ts'
import { heldClock } from '../call-of.ts'
import { budgetOf, callWith, houseOf, levelOf } from './house.ts'
import { createMemoryBudgets } from './memory-budgets.ts'

/** How the backend ends a call, and whether the call is charged then. */
const ENDS = [
  { how: 'ok', isMade: true },
  { how: 'call_timeout', isMade: true },
  { how: 'approval_pending', isMade: false },
  { how: 'upstream_unavailable', isMade: false },
] as const

const level = (kind: LevelKind, id: string): fc.Arbitrary<Level> =>
  fc
    .record({
      calls: fc.option(fc.integer({ min: 1, max: 12 })),
      concurrency: fc.option(fc.integer({ min: 1, max: 6 })),
      budgets: fc.array(
        fc.record({
          amount: fc.integer({ min: 1, max: 400 }),
          per: fc.constantFrom('minute' as const, 'hour' as const, 'total' as const),
          calendar: fc.constant(true),
          unit: fc.constantFrom('calls' as const, 'money' as const),
        }),
        { maxLength: 2 },
      ),
    })
    .map(({ calls, concurrency, budgets }) =>
      levelOf(kind, id, {
        rates: calls === null ? [] : [{ calls, per: 'second' }],
        ...(concurrency === null ? {} : { concurrency }),
        budgets: budgets.map((budget) => budgetOf(budget.amount, budget)),
      }),
    )

const scenario = fc.record({
  team: level('team', 'data'),
  keys: fc.tuple(level('key', 'a'), level('key', 'b')),
  calls: fc.array(
    fc.record({
      key: fc.constantFrom(0, 1),
      gateway: fc.constantFrom(0, 1),
      end: fc.constantFrom(...ENDS),
      turns: fc.integer({ min: 0, max: 4 }),
      passedMs: fc.oneof(
        fc.constant(0),
        fc.integer({ min: 0, max: 400 }),
        fc.integer({ min: 0, max: 90_000 }),
      ),
      setMs: fc.oneof(fc.constant(0), fc.integer({ min: -7_200_000, max: 0 })),
    }),
    { minLength: 1, maxLength: 60 },
  ),
  turns: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 10 }),
  failing: fc.array(fc.constantFrom('never' as const, 'before' as const, 'after' as const), {
    minLength: 1,
    maxLength: 10,
  }),
})

const PRICE = 3

function fail(): never {
  throw new Error('There is no such gateway.')
}

const PRICES = [{ tools: '*', perCall: PRICE }]

test('whatever the levels, latencies and failures: no limit is ever exceeded, and everything is given back', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async ({ team, keys, calls, turns, failing }) => {
      const clock = heldClock()
      let [setMs, asked] = [0, 0]
      const time = { ...clock, nowMs: () => clock.nowMs() + setMs }
      const store = createMemoryBudgets(() => turns[asked++ % turns.length] ?? 0)
      const standings: Standing[] = keys.map((key) => ({ levels: [team, key] }))

      const excesses: string[] = []
      const inFlight = new Map<string, number>()
      const admitted = new Map<string, number[]>()
      const charged = new Map<string, number>()
      const ends = new Map<string, (typeof ENDS)[number] & { readonly turns: number }>()

      const backendOf =
        (gateway: number): Handler =>
        async (call: Call) => {
          const end = ends.get(call.id)
          const levels = call.trail?.standing?.levels ?? []
          for (const { kind, id, limits } of levels) {
            const name = `${gateway}:${kind}:${id}`
            const flying = (inFlight.get(name) ?? 0) + 1
            inFlight.set(name, flying)
            if (flying > (limits.concurrency ?? Infinity)) excesses.push(`${name}: ${flying} in flight`)
            const times = [...(admitted.get(name) ?? []), clock.monotonicMs()]
            admitted.set(name, times)
            const recent = times.filter((atMs) => atMs > clock.monotonicMs() - 1_000)
            for (const { calls: most = Infinity } of limits.rates)
              if (recent.length > most) excesses.push(`${name}: ${recent.length} in a second`)
            const isMade = end?.isMade === true ? 1 : 0
            charged.set(`${kind}:${id}`, (charged.get(`${kind}:${id}`) ?? 0) + isMade)
          }
          for (let left = end?.turns ?? 0; left > 0; left--) await nextTurn()
          for (const { kind, id } of levels) {
            const name = `${gateway}:${kind}:${id}`
            inFlight.set(name, (inFlight.get(name) ?? 0) - 1)
          }
          if (end === undefined || end.how === 'ok') return textResult('')
          throw new GatewayError(end.how, '')
        }

      const houses = [0, 1].map((gateway) =>
        houseOf(time, store, { prices: PRICES, backend: backendOf(gateway), idleMs: 1 }),
      )
      const running: Promise<unknown>[] = []
      for (const [index, { key, gateway, end, turns: left, passedMs, setMs: step }] of calls.entries()) {
        const id = `call-${index}`
        ends.set(id, { ...end, turns: left })
        clock.advance(passedMs)
        setMs += step
        const fails = failing[index % failing.length]
        if (fails === 'never') store.failWith(undefined)
        else store.failWith(new Error('store'), fails === 'after' ? fails : undefined)
        const handler = houses[gateway]?.handler
        running.push(
          Promise.try(handler ?? fail, callWith(standings[key], 'files.read', { id })).catch(
            (error: unknown) => error,
          ),
        )
        if (passedMs % 2 === 0) await nextTurn()
      }
      await Promise.all(running)
      store.failWith(undefined)
      await Promise.all(houses.map(({ limits }) => limits.close()))

      expect(excesses).toEqual([])
      for (const row of store.rows()) {
        expect(row.most).toBeLessThanOrEqual(row.limit)
        expect(row.spent).toBeGreaterThanOrEqual(0)
      }
      expect([...inFlight.values()].every((left) => left === 0)).toBe(true)
      for (const { limits } of houses)
        for (const standing of standings)
          for (const state of await limits.describe(standing))
            if (state.kind === 'concurrency') expect(state.used).toBe(0)

      // What the store shows as spent is what was charged, exactly; where it failed it may be more, never less.
      for (const { account, budget } of compileTerms([team, ...keys]).budgets) {
        const [kind, id] = account.split(':')
        const due = (charged.get(`${kind}:${id}`) ?? 0) * (budget.unit === 'money' ? PRICE : 1) * 1e6
        const rows = store.rows().filter((row) => row.account === account)
        const spent = rows.reduce((sum, row) => sum + row.spent, 0)
        // What was set aside in a window that has ended since is given back to nobody: it holds nothing up any more.
        const hasEnded = rows.length > 1
        if (hasEnded || failing.some((fails) => fails !== 'never')) expect(spent).toBeGreaterThanOrEqual(due)
        else expect(spent).toBe(due)
      }
    }),
    { numRuns: 150 },
  )
})
