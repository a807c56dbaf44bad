import { EventEmitter, once } from 'node:events'
import { setImmediate as nextTurn } from 'node:timers/promises'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { JsonObject } from '../../src/core/json.ts'
import type { Result } from '../../src/core/result.ts'
import { openHouse, type House } from '../gateway/open-house.ts'
import { ERAS, rpc, rpcRequest, type Era, toolsIn, type RawAnswer } from '../http/raw-request.ts'

/** Members that no revision of the protocol knows, at every level of a definition. */
const UNKNOWN_IN_DEFINITION: JsonObject = {
  annotations: { readOnlyHint: true, 'x-mood': 'calm' },
  icons: [{ src: 'https://example.com/icon.png', 'x-shape': 'round' }],
  'x-vendor': { nested: [1, { deep: true }] },
  _meta: { ui: { resourceUri: 'ui://thing' } },
}

/** A result with members that no revision of the protocol knows, at every level. */
const UNKNOWN_IN_RESULT: Result = {
  content: [
    { type: 'text', text: 'hello', 'x-block': 1, annotations: { audience: ['user'], 'x-note': 1 } },
    { type: 'x-hologram', beams: [1, 2] },
  ],
  structuredContent: [{ any: 'JSON' }, null],
  'x-result': { a: 1 },
  _meta: { 'x-meta': 'kept' },
}

let house: House
let url: string
/** The signals of calls that hang, as they come. */
const hanging = new EventEmitter<{ call: [AbortSignal] }>()

beforeAll(async () => {
  house = openHouse({
    scripts: false,
    servers: {
      beta: { zulu: {}, alpha: {} },
      alpha: {
        rich: { extra: UNKNOWN_IN_DEFINITION, answer: () => UNKNOWN_IN_RESULT },
        steps: {
          answer: ({ onProgress }) => {
            for (const progress of [1, 2, 3])
              onProgress?.({ progress, total: 3, message: `step ${progress}` })
            return { content: [] }
          },
        },
        hangs: {
          answer: ({ signal }) => {
            hanging.emit('call', signal)
            return new Promise<Result>(() => {})
          },
        },
      },
    },
  })
  ;({ url } = await house.listenHttp())
})
afterAll(() => house.close())

const classic = (
  era: Era,
  method: string,
  params: Record<string, unknown> = {},
  id?: unknown,
): Promise<RawAnswer> => rpc(`${url}/mcp/classic`, era, method, params, id)

const lastCall = () => house.backends['alpha']?.calls.at(-1)

describe.each(ERAS)('in the %s era', (era) => {
  test('unknown members of a definition reach the client', async () => {
    const tools = toolsIn(await classic(era, 'tools/list'))
    expect(tools.find(({ name }) => name === 'alpha__rich')).toEqual({
      name: 'alpha__rich',
      description: 'The tool rich.',
      inputSchema: { type: 'object' },
      ...UNKNOWN_IN_DEFINITION,
    })
  })

  test('unknown members of a result reach the client', async () => {
    const { last } = await classic(era, 'tools/call', { name: 'alpha__rich', arguments: {} })
    const { _meta: meta, resultType: _resultType, ...result } = last.result ?? {}
    const { _meta: sentMeta, ...sent } = UNKNOWN_IN_RESULT
    expect(result).toEqual(sent)
    expect(meta).toMatchObject(sentMeta ?? {})
  })

  test('_meta of a call reaches the server without what is between the client and this door', async () => {
    const meta = {
      progressToken: 'p-1',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      'com.example/tenant': { id: 7 },
    }
    await classic(era, 'tools/call', { name: 'alpha__steps', arguments: {}, _meta: meta })
    const { progressToken: _token, ...rest } = meta
    expect(lastCall()?.meta).toEqual(rest)
  })

  test('progress reaches the client that asked for it, before the answer', async () => {
    const { messages } = await classic(era, 'tools/call', {
      name: 'alpha__steps',
      _meta: { progressToken: 'p-7' },
    })
    expect(messages.slice(0, -1).map(({ method, params }) => ({ method, params }))).toEqual(
      [1, 2, 3].map((progress) => ({
        method: 'notifications/progress',
        params: { progressToken: 'p-7', progress, total: 3, message: `step ${progress}` },
      })),
    )
    expect(messages.at(-1)?.result).toBeDefined()
  })

  test('progress is not sent to a client that did not ask', async () => {
    const { messages } = await classic(era, 'tools/call', { name: 'alpha__steps' })
    expect(messages).toHaveLength(1)
    expect(lastCall()?.onProgress).toBeUndefined()
  })

  test('a call has its own id, the door and the principal of the token, and nothing that the client says of itself', async () => {
    await classic(
      era,
      'tools/call',
      { name: 'alpha__rich', principal: 'admin', door: 'cli', id: 'x' },
      'id-of-client',
    )
    expect(lastCall()).toMatchObject({ door: 'mcp', principal: { id: 'token', kind: 'token' } })
    expect(lastCall()?.id).not.toBe('id-of-client')
    expect(Object.isFrozen(lastCall())).toBe(true)
  })

  test('a call without arguments has empty ones', async () => {
    await classic(era, 'tools/call', { name: 'alpha__rich' })
    expect(lastCall()?.args).toEqual({})
  })

  test('the list has the same order every time: by server, then as the server has it', async () => {
    const orders = await Promise.all(
      [1, 2, 3].map(async (id) => toolsIn(await classic(era, 'tools/list', {}, id)).map(({ name }) => name)),
    )
    for (const order of orders) {
      expect(order).toEqual(['alpha__rich', 'alpha__steps', 'alpha__hangs', 'beta__zulu', 'beta__alpha'])
    }
  })

  test('an unknown method is -32601', async () => {
    for (const method of ['resources/list/all', 'prompts/got', 'tools/delete', 'constructor', '']) {
      const { last } = await classic(era, method)
      expect([method, last.error?.code]).toEqual([method, -32601])
    }
  })

  test.each(['a string', 0, -1, 1e15])('an answer carries the id of its request: %s', async (id) => {
    const { last } = await classic(era, 'tools/list', {}, id)
    expect(last.id).toBe(id)
  })

  test('every spelling of a name calls the tool', async () => {
    for (const name of ['alpha__rich', 'alpha.rich', 'tools.alpha.rich']) {
      const { last } = await classic(era, 'tools/call', { name })
      expect(last.result).toMatchObject({ content: UNKNOWN_IN_RESULT.content })
    }
  })
})

test('what a principal is shown may not be shared by caches', async () => {
  for (const method of ['tools/list', 'server/discover']) {
    const { last } = await classic('modern', method)
    expect(last.result).toMatchObject({ ttlMs: 0, cacheScope: 'private' })
  }
})

test.each(ERAS)('closing the connection aborts the call, in the %s era', async (era) => {
  const { body, headers } = rpcRequest(era, 'tools/call', { name: 'alpha__hangs' })
  const client = new AbortController()
  const called = once(hanging, 'call') as Promise<[AbortSignal]>
  const gone = fetch(`${url}/mcp/classic`, { method: 'POST', headers, body, signal: client.signal }).catch(
    () => 'gone',
  )
  const [signal] = await called
  const aborted = new Promise<void>((resolve) =>
    signal.addEventListener('abort', () => resolve(), { once: true }),
  )
  client.abort()
  await aborted
  expect(await gone).toBe('gone')
  expect(signal.reason).toMatchObject({ code: 'call_cancelled' })
})

test('a list that changes is the new one at the next request', async () => {
  await using changing = openHouse({ scripts: false, servers: { alpha: { one: {} } } })
  const address = `${(await changing.listenHttp()).url}/mcp/classic`
  const names = async (): Promise<unknown[]> => {
    return toolsIn(await rpc(address, 'modern', 'tools/list')).map(({ name }) => name)
  }
  expect(await names()).toEqual(['alpha__one'])
  changing.backends['alpha']?.become({ two: {}, three: {} })
  await nextTurn()
  expect(await names()).toEqual(['alpha__two', 'alpha__three'])
})

test('a subscribed client is told that the tools have changed, and does not hold up the end of the gateway', async () => {
  const changing = openHouse({ scripts: false, servers: { alpha: { one: {} } } })
  const address = `${(await changing.listenHttp()).url}/mcp/classic`
  const { body, headers } = rpcRequest('modern', 'subscriptions/listen', {
    notifications: { toolsListChanged: true },
  })
  const { body: stream } = await fetch(address, { method: 'POST', headers, body })
  const methods: string[] = []
  for await (const chunk of stream?.pipeThrough(new TextDecoderStream()) ?? []) {
    for (const [, method = ''] of chunk.matchAll(/"method":"([^"]+)"/g)) methods.push(method)
    if (methods.length === 1) changing.backends['alpha']?.become({ two: {} })
    if (methods.length === 2) break
  }
  expect(methods).toEqual(['notifications/subscriptions/acknowledged', 'notifications/tools/list_changed'])
  await fetch(address, { method: 'POST', headers, body })
  await changing.close()
})
