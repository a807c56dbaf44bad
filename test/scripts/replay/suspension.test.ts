import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'

import type { RunOutcome, ScriptCallOutcome } from '../../../src/core/run.ts'
import { openSandbox, pass, runLeg, stored, type Seen } from './world.ts'

const sandboxes = [openSandbox(), openSandbox()]
afterAll(() => Promise.all(sandboxes.map((sandbox) => sandbox.close())))

/** Three lambdas at once, with calls one after the other in each, chance and time in their arguments, an error, a callback. */
const SCRIPT = `
const seen = []
const helper = async (n) => (await tools.s.helped({ n, chance: Math.random(), at: Date.now() })).echo
class Client { constructor(n) { this.n = n } async get() { return await tools.s.got({ n: this.n }) } }
const parts = await Promise.all([1, 2, 3].map(async (n) => {
  const first = await tools.s.first({ n, chance: Math.random() })
  seen.push(n)
  try {
    await tools.s.fails({ n })
  } catch (error) {
    seen.push(error.code + n)
  }
  const second = await helper(n)
  const third = n === 2 ? await tools.s.third({ n }).then((value) => new Client(value.echo).get()) : 'none'
  return [first.echo, second, third, Math.random(), Date.now()]
}))
async function* pages() { for (let page = 0; page < 2; page++) yield await tools.s.page({ page }) }
for await (const page of pages()) seen.push(page.echo)
const rest = await Promise.allSettled([tools.s.last({ n: 1 }), tools.s.last({ n: 2 })])
return { parts, seen, rest: rest.map((one) => one.value.echo), end: [Date.now(), Math.random(), new Date().toISOString()] }
`

/** How the world behaves in one leg. */
interface Weather {
  /** Latencies in milliseconds, taken in turn. */
  readonly latencies: readonly number[]
  /** Which of the calls, in their order, are told to wait. */
  readonly waits: ReadonlySet<number>
  /** After so many calls the run is asked to suspend. */
  readonly suspendAfter: number
}

const weather = fc.record({
  latencies: fc.array(fc.constantFrom(0, 0, 0, 1, 3), { minLength: 5, maxLength: 12 }),
  waits: fc.uniqueArray(fc.nat(14), { maxLength: 4 }).map((list) => new Set(list)),
  suspendAfter: fc.oneof(fc.nat(16), fc.constant(1_000)),
})

/** Runs a leg in some weather, and keeps what was called in `made`. */
async function runIn(
  { latencies, waits, suspendAfter }: Weather,
  made: Seen[],
  leg: number,
  outcome: RunOutcome | undefined,
): Promise<RunOutcome> {
  const suspend = new AbortController()
  let calls = 0
  const call = async ({ key, server, tool, args }: Seen): Promise<ScriptCallOutcome> => {
    const number = calls++
    if (number >= suspendAfter) suspend.abort()
    await pass(latencies[number % latencies.length] ?? 0)
    if (waits.has(number)) return { ok: false, suspended: true, reason: `${tool} waits` }
    made.push({ key, server, tool, args })
    if (tool === 'fails') return { ok: false, error: { code: 'tool_error', message: 'no', retryable: false } }
    return { ok: true, value: { echo: args } }
  }
  const sandbox = sandboxes[leg % sandboxes.length]
  if (sandbox === undefined) throw new Error('no sandbox')
  const replay = outcome === undefined ? {} : { replay: stored(outcome.record) }
  return runLeg(sandbox, SCRIPT, { call, suspend: suspend.signal, ...replay })
}

/** Runs to the end, each leg in the next weather and in the next process; the last legs in sunshine. */
async function runToEnd(weathers: readonly Weather[]): Promise<{ made: Seen[]; legs: RunOutcome[] }> {
  const made: Seen[] = []
  const legs: RunOutcome[] = []
  const sunshine: Weather = { latencies: [0], waits: new Set(), suspendAfter: 1_000 }
  do legs.push(await runIn(weathers[legs.length] ?? sunshine, made, legs.length, legs.at(-1)))
  while (legs.at(-1)?.suspended !== undefined && legs.length < 20)
  return { made, legs }
}

/** The keys of calls by what was called, whatever the order. */
function keysByCall(made: readonly Seen[]): string[] {
  return made
    .map(({ key, tool, args }) => `${key} ${tool} ${JSON.stringify((args as { n?: unknown }).n)}`)
    .toSorted()
}

describe('a run that is suspended and resumed', () => {
  test('makes every call once, sees one clock and one chance, and ends as if nothing had been', async () => {
    const plain = await runToEnd([])
    expect(plain.legs).toHaveLength(1)
    expect(plain.legs[0]?.failure).toBeUndefined()
    await fc.assert(
      fc.asyncProperty(fc.array(weather, { minLength: 1, maxLength: 4 }), async (weathers) => {
        const { made, legs } = await runToEnd(weathers)
        const last = legs.at(-1)
        expect(last?.failure).toBeUndefined()
        expect(legs.slice(0, -1).every(({ suspended }) => suspended !== undefined)).toBe(true)
        const keys = made.map(({ key }) => key)
        expect(new Set(keys).size).toBe(keys.length)
        expect(made.length).toBe(plain.made.length)
        expect(isLike(last?.value, plain.legs[0]?.value)).toBe(true)
        // What the first call saw of chance and time is what the end still holds.
        const value = last?.value as { parts: { chance?: number; at?: number }[][] }
        for (const [n, [first, second]] of value.parts.entries()) {
          const given = (tool: string): unknown =>
            made.find((one) => one.tool === tool && (one.args as { n: number }).n === n + 1)?.args
          expect(first).toEqual(given('first'))
          expect(second).toEqual(given('helped'))
        }
        // Every leg has the record of those before it, and a replay of the last gives the same end without a call.
        const again = await runToEndOf(last)
        expect(again).toEqual(last?.value)
      }),
      { numRuns: 30 },
    )
  })

  test('does so also beside other runs in one process', async () => {
    const rainy: Weather = { latencies: [0, 2, 1], waits: new Set([2, 5]), suspendAfter: 1_000 }
    const runs = await Promise.all([1, 2, 3, 4].map(() => runToEnd([rainy, rainy, rainy])))
    const plain = await runToEnd([])
    for (const { made, legs } of runs) {
      expect(legs.length).toBeGreaterThan(1)
      expect(keysByCall(made)).toEqual(keysByCall(plain.made))
      expect(isLike(legs.at(-1)?.value, plain.legs[0]?.value)).toBe(true)
    }
  })

  test('names its calls the same in every order of their answers', async () => {
    const inOrder = await runToEnd([])
    const slow = (latencies: number[]): Weather => ({ latencies, waits: new Set(), suspendAfter: 1_000 })
    for (const latencies of [
      [12, 6, 0],
      [0, 6, 12],
      [0, 9, 0, 4, 2],
      [8, 0, 1],
    ]) {
      const { made } = await runToEnd([slow(latencies)])
      expect(keysByCall(made)).toEqual(keysByCall(inOrder.made))
    }
  })
})

async function runToEndOf(last: RunOutcome | undefined): Promise<unknown> {
  const never = (): Promise<never> => Promise.reject(new Error('a call was made'))
  const sandbox = sandboxes[0]
  if (sandbox === undefined || last === undefined) throw new Error('nothing to run')
  return (await runLeg(sandbox, SCRIPT, { call: never, replay: stored(last.record) })).value
}

/** The same but for chance and time, and the order in which the lambdas got on. */
function isLike(value: unknown, other: unknown): boolean {
  const shape = (one: unknown): string => {
    const { parts, seen, rest } = one as { parts: unknown[][]; seen: unknown[]; rest: unknown }
    const inParts = parts.map(([first, second, third]) => [nOf(first), nOf(second), third])
    return JSON.stringify([inParts, seen.map((item) => JSON.stringify(item)).toSorted(), rest])
  }
  return shape(value) === shape(other)
}

function nOf(part: unknown): unknown {
  return (part as { n: number }).n
}

test('a run that waits at once tells why, and costs no process', async () => {
  const waiting = (tool: string): ScriptCallOutcome => ({
    ok: false,
    suspended: true,
    reason: `${tool} needs a person`,
  })
  const [sandbox] = sandboxes
  const outcome = await runLeg(
    sandbox as NonNullable<typeof sandbox>,
    'await Promise.all([tools.a.b(), tools.c.d()])',
    {
      call: ({ tool }) => Promise.resolve(waiting(tool)),
    },
  )
  expect(outcome).toMatchObject({
    suspended: { reasons: ['b needs a person', 'd needs a person'] },
    record: { turns: [] },
    usage: { calls: 2, callsByTool: { 'a.b': 1, 'c.d': 1 } },
  })
  expect(outcome).not.toHaveProperty('value')
  expect(outcome).not.toHaveProperty('failure')
})

test('what does not wait goes on before a run is suspended', async () => {
  const made: string[] = []
  const [sandbox] = sandboxes
  const code =
    'const a = tools.s.slow()\nlet n = 0\nfor (; n < 5; n++) await tools.s.quick({ n })\nreturn [n, await a]'
  const outcome = await runLeg(sandbox as NonNullable<typeof sandbox>, code, {
    call: async ({ tool }) => {
      await pass(1)
      made.push(tool)
      return tool === 'slow' ? { ok: false, suspended: true, reason: 'slow' } : { ok: true, value: 1 }
    },
  })
  expect(made.filter((tool) => tool === 'quick')).toHaveLength(5)
  expect(outcome.suspended).toEqual({ reasons: ['slow'] })
  expect(outcome.record.turns).toHaveLength(5)
})

test('a run that is asked to suspend before it calls anything calls nothing', async () => {
  const [sandbox] = sandboxes
  const outcome = await runLeg(sandbox as NonNullable<typeof sandbox>, 'return await tools.s.t()', {
    call: () => Promise.reject(new Error('called')),
    suspend: AbortSignal.abort(),
  })
  expect(outcome.suspended).toEqual({ reasons: ['The run is being suspended.'] })
})

test('a run that is asked to suspend and has nothing to wait for ends', async () => {
  const [sandbox] = sandboxes
  const outcome = await runLeg(sandbox as NonNullable<typeof sandbox>, 'return 7', {
    call: () => Promise.reject(new Error('called')),
    suspend: AbortSignal.abort(),
  })
  expect(outcome).toMatchObject({ value: 7 })
})
