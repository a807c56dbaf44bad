import { afterAll, beforeAll, expect, test } from 'vitest'

import type { WireCall } from '../../sandbox/wire.ts'
import type { RunOutcome, RunRecord, RunRequest, ScriptCall, ScriptCallOutcome } from '../../src/core/run.ts'
import { createHostRun, type HostRun } from '../../src/scripts/cells/host-run.ts'
import { hashArguments } from '../../src/scripts/replay/record.ts'
import { LIMITS } from '../scripts/replay/world.ts'
import { USAGE } from '../scripts/usage.ts'
import { openArena, type Arena } from './arena.ts'
import { besideHonest } from './honest.ts'

let arena: Arena
beforeAll(() => {
  arena = openArena()
})
afterAll(() => arena.close())

const RECORD: RunRecord = {
  startedAtMs: 1,
  seed: 1,
  turns: [
    {
      atMs: 2,
      answers: [
        { key: 'k1', call: 's.read', argumentsHash: hashArguments('{}'), ok: true, text: '"secret"' },
      ],
    },
  ],
}

interface Lie {
  readonly run: HostRun
  readonly called: ScriptCall[]
  readonly settled: string[]
  readonly outcomes: RunOutcome[]
  readonly cancels: number[]
}

/** The gateway's end of a run whose cell says what it wants. */
function open(request: Partial<RunRequest> = {}): Lie {
  const [called, settled, outcomes, cancels] = [[], [], [], []] as [
    ScriptCall[],
    string[],
    RunOutcome[],
    number[],
  ]
  const run = createHostRun(
    {
      id: 'run',
      owner: 'mallory',
      code: 'await tools.s.read()',
      limits: { ...LIMITS, callsPerTool: 3, parallelCalls: 8 },
      signal: new AbortController().signal,
      call: (call) => {
        called.push(call)
        return Promise.resolve({ ok: true, value: 1 })
      },
      ...request,
    },
    { nowMs: () => 1_000, monotonicMs: () => 1 },
    () => 1,
    {
      settle: (_atMs, items, values) =>
        settled.push(...items.map(({ id }, index) => `${id}:${values[index]}`)),
      suspend: () => {},
      pause: () => {},
      cancel: () => cancels.push(1),
    },
    (outcome) => outcomes.push(outcome),
  )
  return { run, called, settled, outcomes, cancels }
}

const item = (id: number, key: string, tool = 'read'): WireCall => ({ id, key, server: 's', tool })
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))
const suspended = { logBytesCut: 0, unawaited: [], isSuspended: true, usage: USAGE }
const ended = { ...suspended, isSuspended: false }
const waiting = (): Promise<ScriptCallOutcome> => Promise.resolve({ ok: false, suspended: true, reason: 'r' })

const LIES: Readonly<Record<string, () => Promise<void> | void>> = {
  'a key twice': async () => {
    const { run, called } = open()
    expect(run.calls([item(1, 'a')], ['{}'])).toBe(true)
    await turn()
    expect(run.calls([item(2, 'a')], ['{}'])).toBe(false)
    expect(called).toHaveLength(1)
  },
  'more calls of one tool than there may be': () => {
    const { run } = open()
    expect(
      run.calls(
        [1, 2, 3].map((id) => item(id, `k${id}`)),
        ['{}', '{}', '{}'],
      ),
    ).toBe(true)
    expect(run.calls([item(4, 'k4')], ['{}'])).toBe(false)
  },
  'a recorded key for another tool': async () => {
    const { run, called, settled, outcomes, cancels } = open({ replay: RECORD })
    run.calls([item(1, 'k1', 'remove'), item(2, 'k2', 'remove')], ['{}', '{}'])
    await turn()
    expect([called, settled, cancels.length]).toEqual([[], [], 1])
    run.done(ended, '"value"')
    expect(outcomes[0]?.failure?.code).toBe('replay_diverged')
    expect(outcomes[0]).not.toHaveProperty('value')
  },
  'a recorded key for other arguments': async () => {
    const { run, called, settled } = open({ replay: RECORD })
    run.calls([item(1, 'k1')], ['{"path":"/"}'])
    await turn()
    expect([called, settled]).toEqual([[], []])
  },
  'new calls before the recorded ones': async () => {
    const { run, called, settled } = open({ replay: RECORD })
    run.calls([item(1, 'x1', 'remove'), item(2, 'x2', 'remove')], ['{}', '{}'])
    await turn()
    expect([called, settled]).toEqual([[], []])
    // As soon as the recorded way has been taken they are made, and not before.
    run.calls([item(3, 'k1')], ['{}'])
    await turn()
    expect(settled[0]).toBe('3:"secret"')
    expect(called).toHaveLength(2)
  },
  'a recorded answer a second time': async () => {
    const { run, settled } = open({ replay: RECORD })
    expect(run.calls([item(1, 'k1')], ['{}'])).toBe(true)
    expect(run.calls([item(2, 'k1')], ['{}'])).toBe(false)
    await turn()
    expect(settled.filter((text) => text.includes('secret'))).toHaveLength(1)
  },
  'an end before what is recorded': () => {
    const { run, outcomes } = open({ replay: RECORD })
    run.done(ended, '1')
    expect(outcomes[0]?.failure?.code).toBe('replay_diverged')
  },
  'that it waits, with nothing in flight': () => {
    const { run, outcomes } = open()
    run.done(suspended, undefined)
    expect(outcomes[0]?.failure?.code).toBe('script_killed')
    expect(outcomes[0]).not.toHaveProperty('suspended')
  },
  'that it waits, with a call in flight': async () => {
    const { run, outcomes } = open({ call: () => new Promise(() => {}) })
    run.calls([item(1, 'a')], ['{}'])
    await turn()
    run.done(suspended, '"value"')
    expect(outcomes[0]?.failure?.code).toBe('script_killed')
  },
  'that it waits, with an answer on the way': async () => {
    const { run, outcomes } = open({
      call: ({ tool }) => (tool === 'wait' ? waiting() : Promise.resolve({ ok: true, value: 1 })),
    })
    run.calls([item(1, 'a', 'wait'), item(2, 'b'), item(3, 'c')], ['{}', '{}', '{}'])
    await Promise.resolve()
    run.done(suspended, undefined)
    await turn()
    expect(outcomes[0]?.failure?.code).toBe('script_killed')
  },
  'that it waits, with a value': async () => {
    const { run, outcomes } = open({ call: waiting })
    run.calls([item(1, 'a')], ['{}'])
    await turn()
    run.done(suspended, '"value"')
    expect(outcomes[0]).toMatchObject({ suspended: { reasons: ['r'] } })
    expect(outcomes[0]).not.toHaveProperty('value')
  },
  'calls after the end': async () => {
    const { run, called, outcomes } = open()
    run.done(ended, '1')
    run.calls([item(1, 'a')], ['{}'])
    await turn()
    expect(called).toHaveLength(0)
    expect(outcomes).toHaveLength(1)
  },
}

test('a cell that lies about its calls gains nothing by it', async () => {
  await besideHonest(arena, async () => {
    for (const lie of Object.values(LIES)) await lie()
  })
})

test.for(Object.entries(LIES))('%s', async ([, lie]) => {
  await lie()
})
