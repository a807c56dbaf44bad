import { afterAll, beforeAll, expect, test } from 'vitest'

import type { RunOutcome, ScriptCallOutcome } from '../../src/core/run.ts'
import { LIMITS, openSandbox, pass, runLeg } from '../scripts/replay/world.ts'
import { openArena, type Arena } from './arena.ts'
import { besideHonest } from './honest.ts'

let arena: Arena
const sandbox = openSandbox()
beforeAll(() => {
  arena = openArena()
})
afterAll(() => Promise.all([arena.close(), sandbox.close()]))

const waiting = (): Promise<ScriptCallOutcome> =>
  Promise.resolve({ ok: false, suspended: true, reason: `${'x'.repeat(10_000)}${Math.random()}` })

const WIDE = { ...LIMITS, calls: 20_000, callsPerTool: 20_000, parallelCalls: 1_024 }

/** What is kept of a run that waits. */
function keptBytes({ record, suspended }: RunOutcome): number {
  return JSON.stringify({ record, suspended }).length
}

test('10,000 calls of a run that all wait are a run that waits, and its reasons are a few', async () => {
  const code = 'await Promise.allSettled(Array.from({ length: 10_000 }, (_, n) => tools.s.t({ n })))'
  const outcome = await besideHonest(arena, () => runLeg(sandbox, code, { call: waiting, limits: WIDE }))
  expect(outcome.failure).toBeUndefined()
  expect(outcome.suspended?.reasons.length).toBeLessThanOrEqual(20)
  expect(keptBytes(outcome)).toBeLessThan(20_000)
})

test('calls that wait do not hold up those that do not, nor a script that computes', async () => {
  const code = `const waits = Array.from({ length: 500 }, (_, n) => tools.s.wait({ n }))
    let sum = 0
    for (let n = 0; n < 200; n++) sum += await tools.s.quick({ n })
    for (let n = 0; n < 5_000_000; n++) sum += 1
    await Promise.all(waits)`
  let quick = 0
  const outcome = await besideHonest(arena, () =>
    runLeg(sandbox, code, {
      limits: WIDE,
      call: async ({ tool }) => {
        if (tool === 'wait') return waiting()
        quick += 1
        return { ok: true, value: 1 }
      },
    }),
  )
  expect(quick).toBe(200)
  expect(outcome.suspended).toBeDefined()
})

test('1,000 runs in a row that wait leave their records and nothing else', async () => {
  const code = "await tools.s.first({ n: 1 })\nawait tools.s.second({ text: 'x'.repeat(1_000) })"
  let kept = 0
  await besideHonest(arena, async () => {
    for (let n = 0; n < 100; n++) {
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, () =>
          runLeg(sandbox, code, {
            call: async ({ tool }) =>
              tool === 'first' ? { ok: true, value: 1 } : { ok: false, suspended: true, reason: 'r' },
          }),
        ),
      )
      for (const outcome of outcomes) {
        expect(outcome.suspended).toEqual({ reasons: ['r'] })
        kept += keptBytes(outcome)
      }
    }
  })
  expect(kept / 1_000).toBeLessThan(1_000)
})

test('a script that goes on and on beside a call that waits ends by its limits', async () => {
  const call = async ({ tool }: { tool: string }): Promise<ScriptCallOutcome> => {
    await pass(0)
    return tool === 'wait' ? waiting() : { ok: true, value: 1 }
  }
  const run = (code: string, limits = {}): Promise<RunOutcome> =>
    runLeg(sandbox, code, { call, limits: { ...LIMITS, wallMs: 2_000, cpuMs: 300, ...limits } })
  const wait = 'void tools.s.wait({})\n'
  const [spinning, calling, ending] = await besideHonest(arena, () =>
    Promise.all([
      run(`${wait}await tools.s.quick({})\nwhile (true);`),
      run(`${wait}while (true) await tools.s.quick({})`, { calls: 50 }),
      run(`${wait}return 1`),
    ]),
  )
  expect(spinning?.failure?.code).toBe('script_cpu')
  expect(['script_error', 'script_limit']).toContain(calling?.failure?.code)
  expect(ending?.value).toBe(1)
})
