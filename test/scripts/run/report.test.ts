import { describe, expect, test } from 'vitest'

import type { RunOutcome } from '../../src/core/run.ts'
import { toRunResult } from '../../src/scripts/report.ts'
import { USAGE } from './usage.ts'

const OUTCOME: RunOutcome = { logs: [], logBytesCut: 0, unawaited: [], usage: USAGE }

function textsOf(outcome: Partial<RunOutcome>, made: Parameters<typeof toRunResult>[1] = []): unknown[] {
  return toRunResult({ ...OUTCOME, ...outcome }, made).content.map(({ text }) => text)
}

describe('a run that ended well', () => {
  test('gives its value, a text as it is and the rest as JSON', () => {
    expect(textsOf({ value: 'text' })).toEqual(['text'])
    expect(textsOf({ value: { a: [1, null] } })).toEqual(['{"a":[1,null]}'])
    expect(textsOf({ value: 0 })).toEqual(['0'])
    expect(textsOf({ empty: true })).toEqual(['The script returned nothing.'])
    expect(toRunResult({ ...OUTCOME, value: 1 }, []).isError).toBeUndefined()
  })

  test('tells logs with their level, and how much of them was cut', () => {
    const logs = [{ level: 'log', text: 'a' } as const, { level: 'warn', text: 'b' } as const]
    expect(textsOf({ value: 1, logs, logBytesCut: 7 })[1]).toBe(
      'Logs:\na\nwarn: b\n(7 bytes of logs were cut)',
    )
  })

  test('tells what was not awaited', () => {
    expect(textsOf({ value: 1, unawaited: ['s.t (line 2)'] })[1]).toContain('s.t (line 2)')
  })
})

describe('a run that failed', () => {
  const failure = { code: 'script_error', message: 'TypeError: x', line: 3, excerpt: 'x.y.z' } as const

  test('is an error with its code, its line and what to do', () => {
    const result = toRunResult({ ...OUTCOME, failure }, [])
    expect(result.isError).toBe(true)
    expect(result.content[0]?.['text']).toMatch(
      /^\[script_error\] TypeError: x at line 3: x\.y\.z\nCorrect the script/,
    )
  })

  test('lists the calls that took effect, and their number where they are many', () => {
    const one = { tool: 's.t', outcome: 'ok' } as const
    expect(textsOf({ failure }, [one, { ...one, outcome: 'error' }])[0]).toContain(
      'Calls already made: s.t, s.t (failed).',
    )
    expect(
      textsOf(
        { failure },
        Array.from({ length: 25 }, () => one),
      )[0],
    ).toContain(', and 5 more.')
  })

  test('for a name that scripts do not have, says what they have', () => {
    const message = 'ReferenceError: setTimeout is not defined'
    expect(textsOf({ failure: { ...failure, message } })[0]).toContain('there is no setTimeout.')
  })
})
