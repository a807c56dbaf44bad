import { randomBytes } from 'node:crypto'

import { describe, expect, onTestFinished, test } from 'vitest'

import { systemClock } from '../../../../src/assemble.ts'
import { createCatalog } from '../../../../src/catalog/catalog.ts'
import type { Call, Handler } from '../../../../src/core/call.ts'
import { GatewayError } from '../../../../src/core/errors.ts'
import type { ScriptCall } from '../../../../src/core/run.ts'
import type { NewRun } from '../../../../src/core/store.ts'
import { toBindingValue } from '../../../../src/scripts/run/calls/binding-value.ts'
import { createBindings, type BindingParts } from '../../../../src/scripts/run/calls/bindings.ts'
import { createMadeCalls } from '../../../../src/scripts/run/calls/made-calls.ts'
import { createKeptRun } from '../../../../src/scripts/run/suspended/kept-run.ts'
import { openMemoryStore } from '../../../../src/store/store.ts'

const SPECS = ['list-issues', 'plain'].map((name) => {
  const definition = { name, inputSchema: { type: 'object' } }
  return { ref: { server: 'git-hub', name }, inputSchema: definition.inputSchema, definition }
})

const RUN: Call = {
  id: 'run',
  door: 'mcp',
  principal: { id: 'p', kind: 'token' },
  tool: { server: 'code', name: 'run_script' },
  args: {},
  signal: new AbortController().signal,
}

function open(handler: Handler, parts: Partial<BindingParts> = {}) {
  const made = createMadeCalls()
  const calls: Call[] = []
  const observed: unknown[] = []
  const call = createBindings({
    run: RUN,
    catalog: createCatalog({ revision: 1, specs: SPECS }),
    isVisible: () => true,
    handler: (child) => {
      calls.push(child)
      return handler(child)
    },
    newId: () => `id${calls.length}`,
    made,
    inquire: (what, args) => ({ what, args }),
    toValue: (result) => toBindingValue(result, async (block) => block),
    isReadOnly: ({ ref }) => ref.name === 'list-issues',
    isKnownToRead: ({ ref }) => ref.name === 'list-issues',
    isDryRun: false,
    observe: (spec, value) => observed.push([spec.ref.name, value]),
    onRefusal: () => {},
    parametersOf: () => '{ n: number }',
    ...parts,
  })
  const make = (server: string, tool: string, args: ScriptCall['args'] = {}) =>
    call({
      key: `${server}.${tool}`,
      server,
      tool,
      args,
      signal: new AbortController().signal,
      pause: () => () => {},
    })
  const listed = () => made.all().map(({ tool, outcome, wave }) => ({ tool, outcome, wave }))
  return { call, make, made, listed, calls, observed }
}

const ok: Handler = () => Promise.resolve({ content: [], structuredContent: { a: 1 } })

test('a call of a script is a frozen call of the same principal, under its run', async () => {
  const { make, listed, calls, observed } = open(ok)
  expect(await make('git_hub', 'list_issues', { n: 1 })).toEqual({ ok: true, value: { a: 1 } })
  expect(calls[0]).toMatchObject({
    parent: 'run',
    door: 'script',
    principal: RUN.principal,
    tool: { server: 'git-hub', name: 'list-issues' },
    args: { n: 1 },
  })
  expect(Object.isFrozen(calls[0])).toBe(true)
  expect(listed()).toEqual([{ tool: 'git-hub.list-issues', outcome: 'ok', wave: 1 }])
  expect(observed).toEqual([['list-issues', { a: 1 }]])
})

test('both spellings are the same tool', async () => {
  const { make, calls } = open(ok)
  await make('git-hub', 'list-issues')
  await make('git_hub', 'list_issues')
  expect(new Set(calls.map(({ tool }) => `${tool.server}.${tool.name}`))).toEqual(
    new Set(['git-hub.list-issues']),
  )
})

test('an unknown name goes through the same handler, as it was written', async () => {
  const { make, calls } = open(() => Promise.reject(new GatewayError('unknown_tool', 'There is no x.y.')))
  expect(await make('x', 'y')).toMatchObject({ ok: false, error: { code: 'unknown_tool', retryable: false } })
  expect(calls[0]?.tool).toEqual({ server: 'x', name: 'y' })
})

test('what a script may not call never reaches the handler', async () => {
  const { make, calls, listed } = open(ok)
  expect(await make('code', 'run_script')).toMatchObject({ ok: false, error: { code: 'nested_run' } })
  expect(await make('git-hub', 'plain', [1])).toMatchObject({
    ok: false,
    error: { code: 'invalid_arguments' },
  })
  expect(calls).toEqual([])
  expect(listed()).toEqual([])
})

test('a failure of the tool is an error of the call, and counts as made', async () => {
  const { make, listed } = open(() =>
    Promise.resolve({ content: [{ type: 'text', text: 'no' }], isError: true }),
  )
  expect(await make('git-hub', 'plain')).toMatchObject({
    ok: false,
    error: { code: 'tool_error', message: 'no', retryable: false },
  })
  expect(listed()).toEqual([{ tool: 'git-hub.plain', outcome: 'error', wave: 1 }])
})

test('what is thrown, whatever it is, never rejects and never tells its text', async () => {
  for (const thrown of [new Error('/etc/passwd'), 'secret', null]) {
    const { make } = open(() => Promise.reject(thrown))
    const outcome = await make('git-hub', 'plain')
    expect(outcome).toMatchObject({ ok: false, error: { code: 'internal' } })
    expect(JSON.stringify(outcome)).not.toMatch(/passwd|secret/)
  }
})

test.each([
  ['call_timeout', [{ tool: 'git-hub.plain', outcome: 'unknown', wave: 1 }]],
  ['client_cannot', [{ tool: 'git-hub.plain', outcome: 'unknown', wave: 1 }]],
  ['internal', [{ tool: 'git-hub.plain', outcome: 'unknown', wave: 1 }]],
  ['upstream_closed', [{ tool: 'git-hub.plain', outcome: 'unknown', wave: 1 }]],
  ['invalid_arguments', []],
  ['overloaded', []],
] as const)(
  'a call that ended with %s is listed only where it may have taken effect',
  async (code, listed) => {
    const { make, listed: seen } = open(() => Promise.reject(new GatewayError(code, 'No answer.')))
    expect(await make('git-hub', 'plain')).toMatchObject({ ok: false, error: { code } })
    expect(seen()).toEqual(listed)
  },
)

test('calls that were in flight together are of one wave', async () => {
  const { make, listed } = open(ok)
  await Promise.all([make('git-hub', 'plain'), make('git-hub', 'list-issues')])
  await make('git-hub', 'plain')
  expect(listed().map(({ wave }) => wave)).toEqual([1, 1, 2])
})

test('wrong arguments are answered with the parameters that would be right', async () => {
  const { make } = open(() => Promise.reject(new GatewayError('invalid_arguments', 'lacks `n`.')))
  expect(await make('git-hub', 'plain')).toMatchObject({
    error: { message: 'lacks `n`. Parameters: { n: number }', detail: { parameters: '{ n: number }' } },
  })
})

test('in a dry run a tool that reads is called and another one simulated; only what was real is learned from', async () => {
  const { make, listed, calls, observed } = open(ok, { isDryRun: true })
  await make('git-hub', 'list-issues')
  await make('git-hub', 'plain', { n: 1 })
  expect(calls.map(({ isSimulated }) => isSimulated)).toEqual([undefined, true])
  expect(listed().map(({ outcome }) => outcome)).toEqual(['ok', 'simulated'])
  expect(observed).toHaveLength(1)
})

test('a call that waits for an approval suspends, and counts as not made', async () => {
  const { make, listed } = open(() => Promise.reject(new GatewayError('approval_pending', 'Ada decides.')))
  expect(await make('git-hub', 'plain')).toEqual({ ok: false, suspended: true, reason: 'Ada decides.' })
  expect(listed()).toEqual([])
})

test('what is no tool is answered beside the handler', async () => {
  const { make, calls } = open(ok)
  expect(await make('$isogate', 'search', { query: 'x' })).toEqual({
    ok: true,
    value: { what: 'search', args: { query: 'x' } },
  })
  expect(calls).toEqual([])
})

test('progress of tools and ended calls reach the caller of the run as one growing number', async () => {
  const heard: unknown[] = []
  const { make } = open(
    (child) => {
      child.onProgress?.({ progress: 7, total: 9 })
      child.onProgress?.({ progress: 1, message: 'almost' })
      return ok(child)
    },
    { run: { ...RUN, onProgress: (progress) => heard.push(progress) } },
  )
  await make('git-hub', 'plain')
  expect(heard).toEqual([
    { progress: 1, message: 'git-hub.plain: 7 of 9' },
    { progress: 2, message: 'git-hub.plain: almost' },
    { progress: 3, message: 'git-hub.plain ended' },
  ])
})

test('a call after a long question has its own time, whatever the deadline of the run was', async () => {
  const { make, calls } = open(ok, { run: { ...RUN, deadline: 1 } })
  expect(await make('git-hub', 'plain')).toMatchObject({ ok: true })
  expect(calls[0]?.deadline).toBeUndefined()
})

test('the clock of a run stands while the client of a call is asked, and no longer than the call, whether or not its client answers', async () => {
  let paused = 0
  const seen: number[] = []
  const handler: Handler = ({ client }) => {
    void client?.ask({})
    client?.pause?.()
    seen.push(paused)
    return Promise.reject(new GatewayError('approval_denied', 'Nobody said yes in time.'))
  }
  const client = { capabilities: {}, ask: () => new Promise<never>(() => {}), tell: () => {} }
  const pause = (): (() => void) => {
    paused += 1
    return () => void (paused -= 1)
  }
  const { call } = open(handler, { run: { ...RUN, client } })
  const made = { server: 'git-hub', tool: 'plain', args: {}, signal: new AbortController().signal, pause }
  await call({ ...made, key: 'k' })
  expect(seen).toEqual([2])
  expect(paused).toBe(0)
})

describe('a call that another leg began while a person was asked, in a leg that outlived its claim', () => {
  const KEPT: NewRun = { id: 'run', owner: 'p', code: '', options: {}, record: {}, reasons: [] }
  const record = () => ({ startedAtMs: 1, seed: 1, turns: [] })

  test.each([
    ['has ended', { ok: true, value: 'theirs' }, { ok: true, value: 'theirs' }, 'ok'],
    ['is under way', undefined, { ok: false, error: { code: 'effect_unknown' } }, 'unknown'],
  ] as const)('is not made again where the other one %s', async (_how, ended, expected, outcome) => {
    let passedMs = 0
    const clock = { ...systemClock, nowMs: () => Date.now() + passedMs }
    const store = openMemoryStore({ clock, random: randomBytes })
    onTestFinished(() => store.close())
    const { runs, effects } = store
    const parts = { runs, effects, clock, owner: 'p', id: 'run', toRun: () => KEPT }
    const kept = createKeptRun(parts)
    let isMade = false
    const { call, listed } = open(
      async (child) => {
        const goOn = await child.run?.wait?.()
        passedMs = 60_000
        const claim = await runs.claim('p', 'run', clock.nowMs() + 15_000)
        const second = createKeptRun(parts, claim)
        onTestFinished(() => second.release())
        const effect = { key: 'k', tool: 'git-hub.plain', args: {} }
        expect(await second.begin(effect)).toBeUndefined()
        if (ended !== undefined) await second.end('k', ended)
        await goOn?.()
        isMade = true
        return ok(child)
      },
      { resumable: { id: 'run', codeHash: 'h', kept, earlier: [], earlierDone: [], onAstray: () => {} } },
    )
    const { signal } = new AbortController()
    const made = { key: 'k', server: 'git-hub', tool: 'plain', args: {}, signal, pause: () => () => {} }
    expect(await call({ ...made, record })).toMatchObject(expected)
    expect(isMade).toBe(false)
    expect(listed()).toEqual([{ tool: 'git-hub.plain', outcome, wave: 1 }])
  })
})
