import { expect, test } from 'vitest'

import { createCatalog } from '../../src/catalog/catalog.ts'
import type { Call, Handler } from '../../src/core/call.ts'
import { GatewayError } from '../../src/core/errors.ts'
import type { ScriptCall } from '../../src/core/run.ts'
import { createBindings, type MadeCall } from '../../src/scripts/bindings.ts'

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

function open(handler: Handler, isVisible: () => boolean = () => true) {
  const made: MadeCall[] = []
  const calls: Call[] = []
  const call = createBindings({
    run: RUN,
    catalog: createCatalog({ revision: 1, specs: SPECS }),
    isVisible,
    handler: (child) => {
      calls.push(child)
      return handler(child)
    },
    newId: () => `id${calls.length}`,
    made: (entry) => made.push(entry),
  })
  const make = (server: string, tool: string, args: ScriptCall['args'] = {}) =>
    call({ server, tool, args, signal: new AbortController().signal })
  return { make, made, calls }
}

const ok: Handler = () => Promise.resolve({ content: [], structuredContent: { a: 1 } })

test('a call of a script is a frozen call of the same principal, under its run', async () => {
  const { make, made, calls } = open(ok)
  expect(await make('git_hub', 'list_issues', { n: 1 })).toEqual({ ok: true, value: { a: 1 } })
  expect(calls[0]).toMatchObject({
    parent: 'run',
    door: 'script',
    principal: RUN.principal,
    tool: { server: 'git-hub', name: 'list-issues' },
    args: { n: 1 },
  })
  expect(Object.isFrozen(calls[0])).toBe(true)
  expect(made).toEqual([{ tool: 'git-hub.list-issues', outcome: 'ok' }])
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
  const { make, calls, made } = open(ok)
  expect(await make('code', 'run_script')).toMatchObject({ ok: false, error: { code: 'nested_run' } })
  expect(await make('git-hub', 'plain', [1])).toMatchObject({
    ok: false,
    error: { code: 'invalid_arguments' },
  })
  expect(calls).toEqual([])
  expect(made).toEqual([])
})

test('a failure of the tool is an error of the call, and counts as made', async () => {
  const { make, made } = open(() =>
    Promise.resolve({ content: [{ type: 'text', text: 'no' }], isError: true }),
  )
  expect(await make('git-hub', 'plain')).toMatchObject({
    ok: false,
    error: { code: 'tool_error', message: 'no', retryable: false },
  })
  expect(made).toEqual([{ tool: 'git-hub.plain', outcome: 'error' }])
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
  ['call_timeout', [{ tool: 'git-hub.plain', outcome: 'unknown' }]],
  ['upstream_closed', [{ tool: 'git-hub.plain', outcome: 'unknown' }]],
  ['invalid_arguments', []],
  ['overloaded', []],
] as const)(
  'a call that ended with %s is listed only where it may have taken effect',
  async (code, listed) => {
    const { make, made } = open(() => Promise.reject(new GatewayError(code, 'No answer.')))
    expect(await make('git-hub', 'plain')).toMatchObject({ ok: false, error: { code } })
    expect(made).toEqual(listed)
  },
)
