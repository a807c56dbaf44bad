import { afterAll, beforeAll, expect, test } from 'vitest'

import type { RunOutcome, RunRecord, ScriptCall } from '../../../src/core/run.ts'
import { LIMITS, openSandbox, runLeg, stored, type Leg } from './world.ts'

const sandbox = openSandbox()
afterAll(() => sandbox.close())

const SCRIPT = `const a = await tools.s.first({ n: 1 })
const b = await tools.s.second({ n: input ?? 2 })
return [a, b]`

let record: RunRecord
beforeAll(async () => {
  const outcome = await runLeg(sandbox, SCRIPT, { call: echo })
  record = stored(outcome.record)
})

const echo: Leg['call'] = ({ args }) => Promise.resolve({ ok: true, value: args })

/** Resumes with another script; whatever is called then is a mistake. */
async function resume(code: string, more: Partial<Leg> = {}): Promise<RunOutcome & { called: ScriptCall[] }> {
  const called: ScriptCall[] = []
  const call: Leg['call'] = (made) => {
    called.push(made)
    return echo(made)
  }
  return { ...(await runLeg(sandbox, code, { call, replay: record, ...more })), called }
}

test('the same script goes through, and its record is that of the whole run', async () => {
  const { value, called, record: again } = await resume(SCRIPT)
  expect(value).toEqual([{ n: 1 }, { n: 2 }])
  expect(called).toEqual([])
  expect(again).toEqual(record)
})

test('a script that goes on after its record calls the rest', async () => {
  const {
    value,
    called,
    record: longer,
  } = await resume(`${SCRIPT.slice(0, SCRIPT.indexOf('return'))}return await tools.s.third({})`)
  expect(value).toEqual({})
  expect(called.map(({ tool }) => tool)).toEqual(['third'])
  expect(longer.turns).toHaveLength(3)
  expect(longer.turns.slice(0, 2)).toEqual(record.turns)
})

test.for([
  [
    'other arguments',
    SCRIPT.replace('n: 1', 'n: 3'),
    1,
    'It called s.first at line 1 with other arguments than are recorded.',
  ],
  [
    'another tool at the same place',
    SCRIPT.replace('s.first', 't.first'),
    1,
    'It called t.first at line 1 where s.first is recorded.',
  ],
  [
    'a call that is gone',
    SCRIPT.replace('await tools.s.second({ n: input ?? 2 })', 'await tools.s.other({})'),
    2,
    'It called s.other at line 2 where s.second is recorded.',
  ],
  [
    'a call at another place',
    `;${SCRIPT}`,
    1,
    'It did not call s.first at line 1, which is recorded; instead it called s.first at line 1.',
  ],
  ['an end that comes too soon', 'return 1', 1, 'It did not call s.first at line 1, which is recorded.'],
  [
    'an end after the first answer',
    `${SCRIPT.split('\n')[0]}\nreturn a`,
    2,
    'It did not call s.second at line 2, which is recorded.',
  ],
  [
    'an error before the end',
    `${SCRIPT.split('\n')[0]}\nthrow new Error()`,
    2,
    'It did not call s.second at line 2, which is recorded.',
  ],
  [
    'a wait for nothing',
    'await new Promise(() => {})',
    1,
    'It did not call s.first at line 1, which is recorded.',
  ],
] as const)('%s is an error that says so, and nothing is called', async ([, code, line, message]) => {
  const { failure, called, ...outcome } = await resume(code)
  expect(failure).toMatchObject({ code: 'replay_diverged', line, message })
  expect(called).toEqual([])
  expect(outcome).not.toHaveProperty('value')
})

test('another input is a divergence where it shows', async () => {
  const { failure } = await resume(SCRIPT, { input: 5 })
  expect(failure).toMatchObject({ code: 'replay_diverged', line: 2, excerpt: SCRIPT.split('\n')[1] })
})

test('lower limits are a divergence and not another way', async () => {
  const { failure, called } = await resume(SCRIPT, { limits: { ...LIMITS, calls: 1 } })
  expect(failure?.code).toBe('replay_diverged')
  expect(called).toEqual([])
})

test('an end from outside keeps its own code', async () => {
  expect((await resume('while (true);', { limits: { ...LIMITS, cpuMs: 50 } })).failure?.code).toBe(
    'script_cpu',
  )
  expect((await resume('const a = ')).failure?.code).toBe('script_syntax')
})

test('the next run of the same sandbox is not concerned', async () => {
  await resume(`;${SCRIPT}`)
  expect((await runLeg(sandbox, SCRIPT, { call: echo })).value).toEqual([{ n: 1 }, { n: 2 }])
})
