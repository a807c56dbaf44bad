import { describe, expect, test } from 'vitest'

import type { WireCall } from '../../sandbox/wire.ts'
import type { RunOutcome, RunRequest, ScriptCall, ScriptCallOutcome } from '../../src/core/run.ts'
import { createHostRun } from '../../src/scripts/cells/host-run.ts'
import { createRunClock } from '../../src/scripts/cells/run-clock.ts'
import { USAGE } from './usage.ts'

const LIMITS = {
  wallMs: 1_000,
  cpuMs: 1_000,
  memoryMb: 64,
  calls: 5,
  callsPerTool: 5,
  parallelCalls: 3,
  codeBytes: 1_000,
  logBytes: 1_000,
  argumentBytes: 100,
  resultBytes: 2_000,
  valueBytes: 100,
}
const END = { logBytesCut: 0, unawaited: [], isSuspended: false, usage: USAGE }

function open(
  call: (made: ScriptCall) => Promise<ScriptCallOutcome> = () => Promise.resolve({ ok: true, value: 1 }),
  request: Partial<RunRequest> = {},
) {
  const calls: ScriptCall[] = []
  const settled: [id: number, ok: boolean, text: string][] = []
  const outcomes: RunOutcome[] = []
  const suspends: number[] = []
  const pauses: boolean[] = []
  const cancels: true[] = []
  const run = createHostRun(
    {
      id: 'run',
      owner: 'owner',
      code: '',
      limits: LIMITS,
      signal: new AbortController().signal,
      call: (made) => {
        calls.push(made)
        return call(made)
      },
      ...request,
    },
    { nowMs: () => 1_000, monotonicMs: () => 10 },
    () => 7,
    {
      settle: (_atMs, items, values) =>
        items.forEach(({ id, ok }, index) => settled.push([id, ok, values[index] ?? ''])),
      suspend: (count) => suspends.push(count),
      pause: (isPaused) => pauses.push(isPaused),
      cancel: () => cancels.push(true),
    },
    (outcome) => outcomes.push(outcome),
  )
  return { run, calls, settled, outcomes, suspends, pauses, cancels }
}

const item = (id: number, key = `k${id}`): WireCall => ({ id, key, server: 's', tool: 't' })
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))

describe('calls of a cell', () => {
  test('are answered', async () => {
    const { run, settled } = open()
    expect(run.calls([item(1), item(2)], ['{"a":1}', '{}'])).toBe(true)
    await turn()
    expect(settled).toEqual([
      [1, true, '1'],
      [2, true, '1'],
    ])
  })

  test.for([
    ['an id that was used', [item(1), item(1, 'k2')], ['{}', '{}']],
    ['a key that was used', [item(1), item(2, 'k1')], ['{}', '{}']],
    ['an id that goes back', [item(2), item(1)], ['{}', '{}']],
    ['the id nought', [item(0)], ['{}']],
    ['arguments that are not JSON', [item(1)], ['{']],
    ['no arguments', [item(1)], []],
    ['too many bytes of arguments', [item(1)], [JSON.stringify('x'.repeat(200))]],
    ['too many in flight', [1, 2, 3, 4].map((id) => item(id)), ['{}', '{}', '{}', '{}']],
  ] as const)('with %s end the cell', ([, items, args]) => {
    expect(open().run.calls(items, args)).toBe(false)
  })

  test('beyond the count end the cell', async () => {
    const { run } = open()
    for (let id = 1; id <= 5; id++) {
      expect(run.calls([item(id)], ['{}'])).toBe(true)
      await turn()
    }
    expect(run.calls([item(6)], ['{}'])).toBe(false)
  })

  test('that were begun are aborted when the run ends, and not answered any more', async () => {
    const { run, calls, settled, outcomes } = open(
      () => new Promise((resolve) => setTimeout(() => resolve({ ok: true, value: 1 }), 1)),
    )
    run.calls([item(1)], ['{}'])
    run.done(END, '7')
    expect(calls[0]?.signal.aborted).toBe(true)
    await turn()
    expect(settled).toEqual([])
    expect(outcomes).toMatchObject([{ value: 7 }])
  })
})

describe('results for a cell', () => {
  test('that are too large together are refused, one by one', async () => {
    const { run, settled } = open(() => Promise.resolve({ ok: true, value: 'x'.repeat(900) }))
    run.calls(
      [1, 2, 3].map((id) => item(id)),
      ['{}', '{}', '{}'],
    )
    await turn()
    expect(settled.map(([, ok]) => ok)).toEqual([true, true, false])
    expect(settled[2]?.[2]).toContain('script_limit')
  })

  test('that never come, because the gateway failed, are an error of the call', async () => {
    const { run, settled } = open(() => Promise.reject(new Error('a fault')))
    run.calls([item(1)], ['{}'])
    await turn()
    expect(settled[0]?.[1]).toBe(false)
    expect(settled[0]?.[2]).toContain('internal')
    expect(settled[0]?.[2]).not.toContain('a fault')
  })

  test('are counted in bytes, failures too', async () => {
    const wide = open(() => Promise.resolve({ ok: true, value: '€'.repeat(900) }))
    wide.run.calls([item(1)], ['{}'])
    const failed = open(() =>
      Promise.resolve({
        ok: false,
        error: { code: 'tool_error', message: 'x'.repeat(5_000), retryable: false },
      }),
    )
    failed.run.calls([item(1)], ['{}'])
    await turn()
    for (const { settled } of [wide, failed]) {
      expect(settled[0]?.[1]).toBe(false)
      expect(settled[0]?.[2]).toContain('script_limit')
    }
  })

  test('that cannot be written as JSON are an error of the call and not of the gateway', async () => {
    let deep: ScriptCallOutcome & { ok: true } = { ok: true, value: [] }
    for (let depth = 0; depth < 200_000; depth++) deep = { ok: true, value: [deep.value] }
    const { run, settled } = open(() => Promise.resolve(deep))
    run.calls([item(1)], ['{}'])
    await turn()
    expect(settled[0]?.[1]).toBe(false)
    expect(settled[0]?.[2]).toContain('upstream_invalid')
  })
})

describe('the end of a run', () => {
  test('is told once, whatever comes later', () => {
    const { run, outcomes } = open()
    run.done(END, '1')
    run.done(END, '2')
    run.fail({ code: 'script_killed', message: 'late' })
    expect(outcomes).toHaveLength(1)
    expect(outcomes[0]).toMatchObject({ value: 1 })
  })

  test('without a value, or with one that is not JSON, is empty', () => {
    for (const value of [undefined, '{']) {
      const { run, outcomes } = open()
      run.done(END, value)
      expect(outcomes[0]).toMatchObject({ empty: true })
    }
  })

  test('with a value over the limit is an error, also where the guest let it through', () => {
    const { run, outcomes } = open()
    run.done(END, JSON.stringify('x'.repeat(200)))
    expect(outcomes[0]?.failure?.code).toBe('script_limit')
    expect(outcomes[0]).not.toHaveProperty('value')
  })

  test('has the logs, and no more of them than a run may write', () => {
    const { run, outcomes } = open()
    for (let n = 0; n < 100; n++) run.log({ level: 'log', text: 'x'.repeat(1_000) })
    for (let n = 0; n < 100_000; n++) run.log({ level: 'log', text: '' })
    run.done(END, '1')
    const logs = outcomes[0]?.logs ?? []
    expect(logs.length).toBeLessThan(5_000)
    expect(logs.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThan(6_000)
  })
})

describe('what a run leaves', () => {
  test('has answers that had come and had not been given yet', async () => {
    const { run, outcomes, settled } = open(({ args }) =>
      'a' in (args as object) ? new Promise(() => {}) : Promise.resolve({ ok: true, value: 5 }),
    )
    run.calls([item(1), item(2)], ['{"a":1}', '{}'])
    await Promise.resolve()
    await Promise.resolve()
    run.fail({ code: 'script_killed', message: 'gone' })
    expect(settled).toEqual([])
    expect(outcomes[0]?.record.turns.flatMap(({ answers }) => answers)).toMatchObject([
      { key: 'k2', call: 's.t', ok: true, text: '5' },
    ])
  })

  test('counts its calls by tool', () => {
    const { run, outcomes } = open()
    run.calls([item(1), { ...item(2), tool: 'u' }, item(3)], ['{}', '{}', '{}'])
    run.done(END, '1')
    expect(outcomes[0]?.usage.callsByTool).toEqual({ 's.t': 2, 's.u': 1 })
  })
})

describe('a run that waits', () => {
  const waiting = (): Promise<ScriptCallOutcome> =>
    Promise.resolve({ ok: false, suspended: true, reason: 'a person' })

  test('asks its cell when all that is in flight waits, and says why when that is so', async () => {
    const { run, outcomes, suspends } = open(waiting)
    run.calls([item(1), item(2)], ['{}', '{}'])
    await turn()
    expect(suspends.at(-1)).toBe(2)
    run.done({ ...END, isSuspended: true }, undefined)
    expect(outcomes[0]?.suspended).toEqual({ reasons: ['a person'] })
  })

  test('does not ask while something else is in flight', async () => {
    const { run, suspends } = open(({ tool }) => (tool === 't' ? waiting() : new Promise(() => {})))
    run.calls([item(1), { ...item(2), tool: 'slow' }], ['{}', '{}'])
    await turn()
    expect(suspends).toEqual([])
  })

  test('makes no call once it is asked to wait', async () => {
    const suspend = new AbortController()
    const { run, calls, suspends } = open(() => new Promise(() => {}), { suspend: suspend.signal })
    run.calls([item(1)], ['{}'])
    suspend.abort()
    run.calls([item(2)], ['{}'])
    await turn()
    expect(calls).toHaveLength(1)
    expect(suspends).toEqual([])
  })
})

test('the wall clock of a run stands while any of its calls has stopped it', () => {
  let nowMs = 0
  const changes: boolean[] = []
  const clock = createRunClock(
    () => nowMs,
    (isPaused) => changes.push(isPaused),
  )
  nowMs = 10
  const [first, second] = [clock.pause(), clock.pause()]
  nowMs = 50
  first()
  first()
  nowMs = 60
  expect([clock.elapsedMs(), changes]).toEqual([10, [true]])
  second()
  nowMs = 65
  expect([clock.elapsedMs(), changes]).toEqual([15, [true, false]])
  clock.pause()()
  expect(clock.elapsedMs()).toBe(15)
})
