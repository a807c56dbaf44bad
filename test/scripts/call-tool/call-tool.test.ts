import { describe, expect, test } from 'vitest'

import { createCatalog } from '../../../src/catalog/catalog.ts'
import type { Call, Handler } from '../../../src/core/call.ts'
import { GatewayError } from '../../../src/core/errors.ts'
import { replyOf, replyResult, textResult } from '../../../src/core/result.ts'
import { createToolCaller } from '../../../src/scripts/call-tool/call-tool.ts'
import { callOf } from '../../policy/call-of.ts'

const SPECS = ['list-issues', 'plain'].map((name) => {
  const definition = { name, inputSchema: { type: 'object' } }
  return { ref: { server: 'git-hub', name }, inputSchema: definition.inputSchema, definition }
})

function open(handler: Handler) {
  const calls: Call[] = []
  const catalog = createCatalog({ revision: 1, specs: SPECS })
  const none = (): never => {
    throw new Error('not looked at')
  }
  const callTool = createToolCaller(
    () => ({
      handler: (call) => {
        calls.push(call)
        return handler(call)
      },
      snapshot: () => ({ catalog, search: none, index: none }),
      configuration: none,
      isVisible: (_principal, _door, { name }) => name !== 'plain',
    }),
    () => `id${calls.length}`,
  )
  return { callTool, calls }
}

const ok: Handler = () => Promise.resolve(textResult('ok'))
const parent = (args: Call['args'], more: Partial<Call> = {}): Call =>
  callOf('code.call_tool', args, { id: 'parent', ...more })

describe('the call that call_tool makes', () => {
  test('is a frozen call for the same principal and client, within the same time', async () => {
    const { callTool, calls } = open(ok)
    const client = { capabilities: {}, ask: () => Promise.resolve({}), tell: () => {} }
    const onProgress = (): void => {}
    const call = parent(
      { name: 'git-hub__list-issues', arguments: { n: 1 } },
      { deadline: 123, client, onProgress, meta: { trace: 'a' }, extra: { other: 1 }, door: 'stdio' },
    )
    expect(await callTool(call)).toEqual(textResult('ok'))
    expect(calls).toEqual([
      {
        ...call,
        id: 'id0',
        parent: 'parent',
        tool: { server: 'git-hub', name: 'list-issues' },
        args: { n: 1 },
      },
    ])
    expect(calls[0]?.signal).toBe(call.signal)
    expect(calls[0]?.client).toBe(client)
    expect(Object.isFrozen(calls[0])).toBe(true)
  })

  test('has no arguments where none are given', async () => {
    const { callTool, calls } = open(ok)
    await callTool(parent({ name: 'git-hub.list-issues' }))
    expect(calls[0]?.args).toEqual({})
  })

  test('has the name as it was written where it leads nowhere', async () => {
    const { callTool, calls } = open(() => {
      throw new GatewayError('unknown_tool', 'There is no tool.', { detail: { nearest: [] } })
    })
    for (const name of ['git-hub.plain', 'git-hub.none', 'x'.repeat(5_000), '__proto__']) {
      expect(await callTool(parent({ name }))).toMatchObject({
        isError: true,
        _meta: { 'isogate/error': { code: 'unknown_tool', detail: { nearest: [] } } },
      })
      expect(calls.at(-1)?.tool).toEqual({ server: '', name })
    }
  })

  test('fails as it fails', async () => {
    const { callTool } = open(() => Promise.reject(new GatewayError('upstream_closed', 'It was closed.')))
    await expect(callTool(parent({ name: 'git-hub.list-issues' }))).rejects.toMatchObject({
      code: 'upstream_closed',
    })
  })
})

describe('a task that a tool began', () => {
  test.each([{ taskId: 't1' }, { task: { taskId: 't1' } }])(
    'is asked about at its tool: %j',
    async (reply) => {
      const { callTool, calls } = open((call) =>
        Promise.resolve(call.method === undefined ? replyResult(reply) : replyResult({ status: 'done' })),
      )
      const begun = await callTool(parent({ name: 'git-hub.list-issues' }))
      expect(replyOf(begun)).toEqual(reply)
      const asked = await callTool(parent({ taskId: 't1' }, { method: 'tasks/get' }))
      expect(replyOf(asked)).toEqual({ status: 'done' })
      expect(calls[1]).toMatchObject({
        method: 'tasks/get',
        args: { taskId: 't1' },
        tool: { server: 'git-hub', name: 'list-issues' },
        parent: 'parent',
      })
    },
  )

  test('is unknown to others, and so is one that was never begun', async () => {
    const { callTool, calls } = open(() => Promise.resolve(replyResult({ taskId: 't1' })))
    await callTool(parent({ name: 'git-hub.list-issues' }))
    const principal = { id: 'another', kind: 'token' } as const
    for (const call of [
      parent({ taskId: 't1' }, { method: 'tasks/get', principal }),
      parent({ taskId: 't2' }, { method: 'tasks/get' }),
      parent({}, { method: 'tasks/cancel' }),
    ]) {
      await expect(callTool(call)).rejects.toMatchObject({ code: 'unknown_task' })
    }
    expect(calls).toHaveLength(1)
  })
})
