import { describe, expect, test } from 'vitest'

import type { Json } from '../../../src/core/json.ts'
import type { RunOutcome } from '../../../src/core/run.ts'
import type { MadeCall } from '../../../src/scripts/run/calls/made-calls.ts'
import { toRunResult, type RunReport } from '../../../src/scripts/run/report.ts'
import { showValue } from '../../../src/scripts/run/value/shown-value.ts'
import { LIMITS, USAGE } from '../usage.ts'

const OUTCOME: RunOutcome = {
  logs: [],
  logBytesCut: 0,
  unawaited: [],
  usage: USAGE,
  record: { startedAtMs: 0, seed: 1, turns: [] },
}

async function reportOf(
  outcome: Partial<RunOutcome>,
  made: readonly MadeCall[] = [],
  more: Partial<RunReport> = {},
) {
  const whole = { ...OUTCOME, ...outcome }
  const shown = await showValue(whole, 1_000, async () => 'h_1')
  if (shown === undefined) expect.fail('The value cannot be written.')
  return toRunResult({
    id: 'r1',
    outcome: whole,
    limits: LIMITS,
    made,
    shown,
    blocks: [],
    blocksOmitted: 0,
    remarks: [],
    ...more,
  })
}

const textsOf = async (...args: Parameters<typeof reportOf>): Promise<unknown[]> =>
  (await reportOf(...args)).content.map(({ text }) => text)

describe('a run that ended well', () => {
  test('gives its value, a text as it is and the rest as JSON', async () => {
    expect(await textsOf({ value: 'text' })).toEqual(['text'])
    expect(await textsOf({ value: { a: [1, null] } })).toEqual(['{"a":[1,null]}'])
    expect(await textsOf({ value: 0 })).toEqual(['0'])
    expect(await textsOf({ empty: true })).toEqual(['The script returned nothing.'])
    expect((await reportOf({ value: 1 })).isError).toBeUndefined()
  })

  test('tells logs with their level, and how much of them was cut', async () => {
    const logs = [{ level: 'log', text: 'a' } as const, { level: 'warn', text: 'b' } as const]
    expect((await textsOf({ value: 1, logs, logBytesCut: 7 }))[1]).toBe(
      'Logs:\na\nwarn: b\n(7 bytes of logs were cut)',
    )
  })

  test('tells what was not awaited', async () => {
    expect((await textsOf({ value: 1, unawaited: ['s.t (line 2)'] }))[1]).toContain('s.t (line 2)')
  })
})

describe('a run that failed', () => {
  const failure = { code: 'script_error', message: 'TypeError: x', line: 3, excerpt: 'x.y.z' } as const

  test('is an error with its code, its line and what to do', async () => {
    const result = await reportOf({ failure })
    expect(result.isError).toBe(true)
    expect(result.content[0]?.['text']).toMatch(
      /^\[script_error\] TypeError: x at line 3: x\.y\.z\nCorrect the script/,
    )
  })

  const one: MadeCall = { tool: 's.t', args: {}, outcome: 'ok', isReadOnly: false, key: 'k', wave: 1 }

  test('lists the calls that may have changed something, and their number where they are many', async () => {
    expect((await textsOf({ failure }, [one, { ...one, outcome: 'unknown' }]))[0]).toContain(
      'Calls already made: s.t, s.t (outcome unknown).',
    )
    const many = Array.from({ length: 25 }, () => one)
    expect((await textsOf({ failure }, many))[0]).toContain('(and 5 more).')
    const read = { ...one, isReadOnly: true }
    expect((await textsOf({ failure }, [one, read, read]))[0]).toContain(
      'Calls already made: s.t (and 2 that only read).',
    )
    expect((await textsOf({ failure }, [read]))[0]).toContain(
      'No call changed anything (and 1 that only read).',
    )
  })

  test('tells programs whether another script would mend it', async () => {
    const mendable = async (code: 'script_error' | 'script_cancelled'): Promise<unknown> => {
      const { _meta: meta = {} } = await reportOf({ failure: { code, message: 'x' } })
      return (meta['isogate/run'] as { failure: { mendable: boolean } }).failure.mendable
    }
    expect(await mendable('script_error')).toBe(true)
    expect(await mendable('script_cancelled')).toBe(false)
  })

  test('for a name that scripts do not have, says what they have', async () => {
    const message = 'ReferenceError: setTimeout is not defined'
    expect((await textsOf({ failure: { ...failure, message } }))[0]).toContain('there is no setTimeout.')
  })
})

test('a value that is too large is cut, stays JSON, and says where the rest is', async () => {
  const value = { items: Array.from({ length: 500 }, (_, n) => ({ n, name: `item ${n}` })) }
  const [text, note] = await textsOf({ value })
  expect(String(text).length).toBeLessThan(1_100)
  expect(JSON.parse(String(text))).toMatchObject({
    items: expect.arrayContaining([{ n: 0, name: 'item 0' }]),
  })
  expect(note).toMatch(
    /^Cut \(\d+ bytes; \$\.items: \d+ of 500 items\)\. The whole value: runs\.open\("h_1"\)\.$/,
  )
})

test('a suspended run says how to go on, and what was made already', async () => {
  const made: MadeCall = { tool: 's.t', args: {}, outcome: 'ok', isReadOnly: false, key: 'k', wave: 1 }
  const result = await reportOf({ suspended: { reasons: ['Ada decides'] } }, [made])
  expect(result.isError).toBeUndefined()
  expect(result.content).toHaveLength(1)
  expect(result.content[0]?.['text']).toBe(
    [
      'The run is suspended: Ada decides',
      'When that has been decided, call run_script({"resume":"r1"}): calls that were made are not made again.',
      'Calls already made: s.t.',
    ].join('\n'),
  )
})

test('a run that was suspended because the gateway ends says so', async () => {
  const suspended = { reasons: ['The run is being suspended.'] }
  expect((await textsOf({ suspended }, [], { isDraining: true }))[0]).toMatch(
    /^The run is suspended: the gateway is shutting down\.\nWhen it serves again, call run_script/,
  )
})

test('a value that is nested too deeply is not written', async () => {
  const value = JSON.parse('['.repeat(50_000) + ']'.repeat(50_000)) as Json
  expect(await showValue({ value }, 1_000, async () => 'h_1')).toBeUndefined()
})

test('an effect is cut between characters', async () => {
  const effects = [{ tool: 's.t', args: { a: `${'x'.repeat(393)}😀${'x'.repeat(100)}` } }]
  const [text] = await textsOf({}, [], { plan: { effects, hash: 'sha256:x' } })
  expect(String(text).isWellFormed()).toBe(true)
})

test('a dry run gives its plan and no value', async () => {
  const plan = { effects: [{ tool: 's.t', args: { a: 1 } }], hash: 'sha256:x' }
  expect(await textsOf({ value: { simulated: true } }, [], { plan })).toEqual([
    'Dry run: the script would make 1 call with effects. None was made.\ns.t({"a":1})\nPlan: sha256:x',
  ])
})
