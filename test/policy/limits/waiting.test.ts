import { randomBytes } from 'node:crypto'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { createApprovalDesk, type ApprovalDesk } from '../../../src/approvals/desk.ts'
import { systemClock } from '../../../src/assemble.ts'
import type { Call, Handler } from '../../../src/core/call.ts'
import type { CallClient } from '../../../src/core/client.ts'
import { GatewayError } from '../../../src/core/errors.ts'
import type { Standing } from '../../../src/core/identity.ts'
import { textResult } from '../../../src/core/result.ts'
import type { Store } from '../../../src/core/store.ts'
import { compose } from '../../../src/policy/compose.ts'
import { createApproveLayer } from '../../../src/policy/layers/approve.ts'
import { createDeadlineLayer } from '../../../src/policy/layers/deadline.ts'
import { createLimitsLayer } from '../../../src/policy/layers/limits.ts'
import { createLimits, type Limits } from '../../../src/policy/limits/limits.ts'
import { openMemoryStore } from '../../../src/store/store.ts'
import { callOf } from '../call-of.ts'
import { keyWith, outcomeOf } from './house.ts'

const TWO = keyWith({ concurrency: 2 }, 'two')

/** A person who answers when the test says so. */
class Person {
  readonly #answers: ((action: 'accept' | 'decline') => void)[] = []

  readonly client: CallClient = {
    capabilities: { elicitation: {} },
    ask: async (requests) => {
      const action = await new Promise<'accept' | 'decline'>((resolve) => this.#answers.push(resolve))
      const answer = { action, ...(action === 'accept' ? { content: { decision: 'yes, this once' } } : {}) }
      return Object.fromEntries(Object.keys(requests).map((key) => [key, answer]))
    },
    tell: () => {},
  }

  asked(): number {
    return this.#answers.length
  }

  answer(action: 'accept' | 'decline' = 'accept'): void {
    for (const answer of this.#answers) answer(action)
  }
}

let store: Store
let desk: ApprovalDesk
let limits: Limits
let handler: Handler
/** Calls that are at the backend, by tool, each with what ends it. */
let working: { readonly name: string; readonly end: () => void }[]
let most = 0

const inFlight = async (standing: Standing): Promise<number | undefined> =>
  (await limits.describe(standing)).find(({ kind }) => kind === 'concurrency')?.used

beforeEach(() => {
  const clock = systemClock
  store = openMemoryStore({ clock, random: randomBytes })
  desk = createApprovalDesk({
    store: store.approvals,
    settings: () => ({ ttlMs: 60_000, fourEyes: false, elicitation: true, resume: false }),
    groundOf: () => ({ fingerprint: 'one' }),
    clock,
    random: randomBytes,
    note: () => {},
  })
  limits = createLimits({
    clock,
    budgets: store.budgets,
    gatewayLimits: () => ({ rates: [], budgets: [] }),
    prices: () => [],
    sandboxMsOf: () => 0,
  })
  working = []
  most = 0
  handler = compose(
    [createDeadlineLayer(clock, () => 60_000), createLimitsLayer(limits), createApproveLayer(desk)],
    async ({ tool: { name }, client }) => {
      if (name === 'quick') return textResult('')
      if (name === 'curious') {
        const ask = { method: 'elicitation/create', params: {} }
        await Promise.all([client?.ask({ q: ask }), client?.ask({ q: ask })])
      }
      await new Promise<void>((resolve) => {
        working.push({ name, end: resolve })
        most = Math.max(most, working.length)
      })
      return textResult('')
    },
  )
})
afterEach(async () => {
  desk.close()
  await limits.close()
  await store.close()
})

/** A call of a tool of `shop`; one of `pay` needs an approval. */
function callAs(name: string, args: Call['args'] = {}, more: Partial<Call> = {}): Call {
  const verdict = name === 'pay' ? 'ask' : 'allow'
  return callOf(`shop.${name}`, args, { trail: { standing: TWO, verdict }, ...more })
}

function endOne(): void {
  working.shift()?.end()
}

describe.each(['pay', 'curious'])('while nobody answers what %s asks', (name) => {
  test('others go on; with the answer it waits for a place, and never are there more than may be', async () => {
    const person = new Person()
    const { client } = person
    const asking = [1, 2].map((order) => outcomeOf(handler, callAs(name, { order }, { client })))
    const questions = name === 'pay' ? 2 : 4
    await expect.poll(() => person.asked()).toBe(questions)
    expect(await inFlight(TWO)).toBe(0)
    expect(await outcomeOf(handler, callAs('quick'))).toBe('ok')

    const others = [1, 2].map(() => outcomeOf(handler, callAs('slow')))
    await expect.poll(() => working.length).toBe(2)
    person.answer()
    if (name === 'pay') {
      const isDecided = async (): Promise<boolean> =>
        (await desk.list({ state: 'pending', limit: 9 })).length === 0
      await expect.poll(isDecided).toBe(true)
    }
    expect(await outcomeOf(handler, callAs('quick'))).toBe('too_many_calls')
    expect(working.map((each) => each.name)).toEqual(['slow', 'slow'])
    for (const wanted of [
      ['slow', name],
      [name, name],
    ]) {
      endOne()
      await expect.poll(() => working.map((each) => each.name)).toEqual(wanted)
      expect(await inFlight(TWO)).toBe(2)
    }
    endOne()
    endOne()
    expect(await Promise.all([...asking, ...others])).toEqual(['ok', 'ok', 'ok', 'ok'])
    expect(most).toBe(2)
    expect(await inFlight(TWO)).toBe(0)
  })

  test('it may be cancelled, also while it waits for a place again, and holds none then', async () => {
    const person = new Person()
    const controllers = [new AbortController(), new AbortController()]
    const asking = controllers.map(({ signal }, order) =>
      outcomeOf(handler, callAs(name, { order }, { client: person.client, signal })),
    )
    await expect.poll(() => person.asked()).toBe(name === 'pay' ? 2 : 4)
    controllers[0]?.abort(new GatewayError('call_cancelled', 'Gone.'))
    const others = [1, 2].map(() => outcomeOf(handler, callAs('slow')))
    await expect.poll(() => working.length).toBe(2)
    person.answer()
    // That of the first may wait on: its call had gone.
    const areWaiting = async (): Promise<unknown[]> =>
      (await desk.list({ state: 'pending', limit: 9 })).flatMap(({ subject }) =>
        subject.kind === 'call' && subject.args['order'] === 1 ? [subject] : [],
      )
    await expect.poll(areWaiting).toEqual([])
    await new Promise(setImmediate)
    controllers[1]?.abort(new GatewayError('call_cancelled', 'Gone.'))
    expect(await Promise.all(asking)).toEqual(['call_cancelled', 'call_cancelled'])
    expect(await inFlight(TWO)).toBe(2)
    endOne()
    endOne()
    expect(await Promise.all(others)).toEqual(['ok', 'ok'])
    expect(await inFlight(TWO)).toBe(0)
  })
})

test('a no ends the call, and its place is free', async () => {
  const person = new Person()
  const asking = outcomeOf(handler, callAs('pay', {}, { client: person.client }))
  await expect.poll(() => person.asked()).toBe(1)
  person.answer('decline')
  expect(await asking).toBe('approval_denied')
  expect(await inFlight(TWO)).toBe(0)
})

test('a call of a script that waits gives back the place of its script too', async () => {
  const person = new Person()
  const standing = keyWith({ concurrency: 1 }, 'one')
  const own = { standing, verdict: 'allow' } as const
  const run: Handler = createLimitsLayer(limits)(({ id, client }) => {
    const child = callOf(
      'shop.pay',
      {},
      { id: 'child', parent: id, door: 'script', trail: { standing, verdict: 'ask' } },
    )
    return handler(client === undefined ? child : { ...child, client })
  })
  const asking = outcomeOf(run, callOf('code.run_script', {}, { trail: own, client: person.client }))
  await expect.poll(() => person.asked()).toBe(1)
  const quick = createLimitsLayer(limits)(() => Promise.resolve(textResult('')))
  expect(await outcomeOf(quick, callOf('code.run_script', {}, { trail: own }))).toBe('ok')
  expect(await outcomeOf(quick, callOf('shop.quick', {}, { trail: own }))).toBe('ok')
  person.answer()
  await expect.poll(() => working.length).toBe(1)
  expect(await outcomeOf(quick, callOf('code.run_script', {}, { trail: own }))).toBe('too_many_calls')
  endOne()
  expect(await asking).toBe('ok')
})
