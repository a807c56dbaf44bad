import { afterEach, describe, expect, test } from 'vitest'

import type { RunOutcome, RunRequest, Sandbox, ScriptCall } from '../../src/core/run.ts'
import { createSandbox, type SandboxOptions } from '../../src/scripts/cells/sandbox.ts'
import { LIMITS } from './usage.ts'

const opened: Sandbox[] = []
afterEach(() => Promise.all(opened.splice(0).map((sandbox) => sandbox.close())))

function open(options: Partial<SandboxOptions> = {}) {
  const sandbox = createSandbox({
    maxCells: 2,
    warmIsolates: 1,
    memoryMb: 64,
    cellMemoryMb: 300,
    queue: 10,
    maxFrameBytes: 2_000_000,
    clock: { nowMs: () => Date.now(), monotonicMs: () => performance.now() },
    ...options,
  })
  opened.push(sandbox)
  const calls: ScriptCall[] = []
  const run = (code: string, request: Partial<RunRequest> = {}): Promise<RunOutcome> =>
    sandbox.run({
      id: 'run',
      owner: 'owner',
      code,
      limits: LIMITS,
      signal: new AbortController().signal,
      call: (call) => {
        calls.push(call)
        return Promise.resolve({ ok: true, value: call.args })
      },
      ...request,
    })
  return { sandbox, run, calls }
}

describe('a run', () => {
  test('gives its value, its logs and what it used', async () => {
    const { run, calls } = open()
    const outcome = await run('console.warn("hi")\nconst r = await tools.a.b({ n: 1 })\nreturn r.n + 1')
    expect(outcome).toMatchObject({
      value: 2,
      logs: [{ level: 'warn', text: 'hi' }],
      logBytesCut: 0,
      unawaited: [],
    })
    expect(outcome.failure).toBeUndefined()
    expect(outcome.usage).toMatchObject({ calls: 1, argumentBytes: 7, resultBytes: 7, logBytes: 2 })
    expect(outcome.usage.wallMs).toBeGreaterThan(0)
    expect(calls).toMatchObject([{ server: 'a', tool: 'b', args: { n: 1 }, line: 2 }])
  })

  test('tells nothing and null apart', async () => {
    const { run } = open()
    expect(await run('')).toMatchObject({ empty: true })
    expect(await run('return null')).toMatchObject({ value: null })
  })

  test('names the line and the text of an error', async () => {
    const { run } = open()
    expect((await run('const a = 1\n  null.x')).failure).toMatchObject({
      code: 'script_error',
      line: 2,
      excerpt: 'null.x',
    })
    expect((await run('```ts\nconst a: number = 1\nconst b = )\n```')).failure).toMatchObject({
      code: 'script_syntax',
      line: 3,
    })
  })

  test('has its calls in flight up to the limit, in order', async () => {
    const { run } = open()
    let inFlight = 0
    let most = 0
    const order: unknown[] = []
    const outcome = await run(
      'return await Promise.all(Array.from({ length: 20 }, (_, n) => tools.a.b({ n }).then((r) => r.n)))',
      {
        call: async ({ args }) => {
          inFlight += 1
          most = Math.max(most, inFlight)
          order.push((args as { n: number }).n)
          await new Promise((resolve) => setTimeout(resolve, 2))
          inFlight -= 1
          return { ok: true, value: args }
        },
      },
    )
    expect(outcome.value).toEqual(Array.from({ length: 20 }, (_, n) => n))
    expect(order).toEqual(Array.from({ length: 20 }, (_, n) => n))
    expect(most).toBe(LIMITS.parallelCalls)
  })
})

describe('the pool', () => {
  test('gives runs of one turn a cell each, and no more cells than it may', async () => {
    const { run } = open({ maxCells: 3 })
    const outcomes = await Promise.all(Array.from({ length: 12 }, (_, n) => run(`return ${n}`)))
    expect(outcomes.map(({ value }) => value)).toEqual(Array.from({ length: 12 }, (_, n) => n))
  })

  test('serves owners in turn when it has only one cell', async () => {
    const { run } = open({ maxCells: 1 })
    const runs = Array.from({ length: 8 }, (_, n) => run(`return ${n}`, { owner: `owner${n % 4}` }))
    expect((await Promise.all(runs)).map(({ value }) => value)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  })

  test('refuses when it has been closed, those that wait too', async () => {
    const { sandbox, run } = open({ maxCells: 1 })
    let called: () => void = () => {}
    const isCalled = new Promise<void>((resolve) => (called = resolve))
    const holder = run('await tools.a.b({})', {
      call: () => {
        called()
        return new Promise(() => {})
      },
    })
    await isCalled
    const waiting = run('return 1', { owner: 'other' })
    const refused = expect(waiting).rejects.toMatchObject({ code: 'shutting_down' })
    await sandbox.close()
    await refused
    expect((await holder).failure?.code).toBe('script_killed')
    await expect(run('return 1')).rejects.toMatchObject({ code: 'shutting_down' })
  })

  test('that is closed while its first cell starts says so', async () => {
    const { sandbox, run } = open()
    const refused = expect(run('return 1')).rejects.toMatchObject({ code: 'shutting_down' })
    await sandbox.close()
    await refused
  })

  test('goes on after a cell was lost', async () => {
    const { run } = open()
    const outcome = await run('return new Array(2 ** 28).fill(1).length')
    expect(['script_killed', 'script_memory', 'script_cpu']).toContain(outcome.failure?.code)
    expect(await run('return 1')).toMatchObject({ value: 1 })
  })
})

test('a run that is cancelled while it waits for a cell leaves the line at once', async () => {
  const { run } = open({ maxCells: 1, queue: 1 })
  const slow = { call: () => new Promise<never>(() => {}) }
  const cancels = Array.from({ length: 5 }, () => new AbortController())
  // Four runs of one owner fill the only cell; the fifth waits.
  const busy = cancels.slice(0, 4).map(({ signal }) => run('await tools.a.b({})', { ...slow, signal }))
  const waiting = run('return 1', { signal: (cancels[4] as AbortController).signal })
  await expect(run('return 2')).rejects.toMatchObject({ code: 'sandbox_busy' })
  cancels[4]?.abort()
  await expect(waiting).rejects.toMatchObject({ code: 'call_cancelled' })
  const next = run('return 3')
  for (const cancel of cancels) cancel.abort()
  expect(await Promise.all(busy)).toMatchObject(
    Array.from({ length: 4 }, () => ({ failure: { code: 'script_cancelled' } })),
  )
  expect(await next).toMatchObject({ value: 3 })
})
