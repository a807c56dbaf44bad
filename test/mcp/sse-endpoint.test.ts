import { once } from 'node:events'
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http'
import { connect as connectSocket, type AddressInfo } from 'node:net'
import { randomUUID } from 'node:crypto'

import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js'
import { afterEach, describe, expect, test } from 'vitest'

import type { McpServer, Transport } from '@modelcontextprotocol/server'
import {
  createSseEndpoint,
  type SseEndpoint,
  type SseLimits,
} from '../../src/mcp/door/legacy/sse-endpoint.ts'
import { createFixtureServer } from '../fixtures/servers/sdk-server.ts'
import { eventually } from './harness.ts'

interface Mounted {
  readonly url: string
  readonly port: number
  readonly endpoint: SseEndpoint
  readonly servers: readonly McpServer[]
  readonly errors: readonly Error[]
}

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

/** Mounts an endpoint as the HTTP door does; the principal is who the Authorization says. */
async function mount(
  limits: Partial<SseLimits> = {},
  connect?: (transport: Transport) => Promise<void>,
): Promise<Mounted> {
  const servers: McpServer[] = []
  const errors: Error[] = []
  const endpoint = createSseEndpoint({
    path: '/mcp',
    newId: randomUUID,
    maxBodyBytes: 100_000,
    onError: (error) => errors.push(error),
    limits,
    connect:
      connect ??
      (async (transport) => {
        const server = createFixtureServer()
        servers.push(server)
        await server.connect(transport)
      }),
  })
  const http = createServer((request, response) => {
    const principal = { id: request.headers.authorization ?? 'nobody', kind: 'token' as const }
    endpoint.handle(request, response, principal).catch((error: unknown) => errors.push(error as Error))
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const { port } = http.address() as AddressInfo
  closers.push(async () => {
    await endpoint.close()
    http.closeAllConnections()
    await new Promise((resolve) => http.close(resolve))
  })
  return { url: `http://127.0.0.1:${port}/mcp`, port, endpoint, servers, errors }
}

async function connectOld({ url }: Mounted, authorization = 'alice'): Promise<Client> {
  const client = new Client({ name: 'old', version: '1' })
  const headers = { Authorization: authorization }
  await client.connect(new SSEClientTransport(new URL(`${url}/sse`), { requestInit: { headers } }))
  closers.push(() => client.close())
  return client
}

/** An event stream read by hand. */
interface RawStream {
  readonly response: IncomingMessage
  readonly text: () => string
  readonly messages: string
}

async function openRaw({ url }: Mounted, authorization = 'alice'): Promise<RawStream> {
  const request = httpRequest(`${url}/sse`, { headers: { authorization }, agent: false }).end()
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  closers.push(async () => void response.destroy())
  let text = ''
  response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  response.on('error', () => {})
  await eventually(() => expect(text).toContain('\n\n'))
  const path = /^event: endpoint\ndata: (\S+)\n\n/.exec(text)?.[1] ?? ''
  return { response, text: () => text, messages: new URL(path, url).href }
}

function post(address: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'alice', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

const rpc = (method: string, id?: number, params: object = {}): object => ({
  jsonrpc: '2.0',
  ...(id === undefined ? {} : { id }),
  method,
  params,
})
const HELLO = rpc('initialize', 1, {
  protocolVersion: '2024-11-05',
  capabilities: {},
  clientInfo: { name: 'raw', version: '1' },
})
const SLOW = (id: number): object => rpc('tools/call', id, { name: 'slow', arguments: {} })

describe('the client of the first generation of the SDK', () => {
  test('lists, calls, and hears of new tools', async () => {
    const mounted = await mount()
    const client = await connectOld(mounted)
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain('add')
    expect(await client.callTool({ name: 'add', arguments: { a: 20, b: 22 } })).toMatchObject({
      content: [{ text: '42' }],
    })
    const changed = new Promise<void>((resolve) => {
      client.fallbackNotificationHandler = ({ method }) => {
        if (method === 'notifications/tools/list_changed') resolve()
        return Promise.resolve()
      }
    })
    await client.callTool({ name: 'grow', arguments: {} })
    await changed
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain('grown')
  })

  test('makes many calls at once, more than there may be under way', async () => {
    const mounted = await mount({ maxRequests: 64 })
    const client = await connectOld(mounted)
    for (let round = 0; round < 3; round++) {
      const answers = await Promise.all(
        Array.from({ length: 60 }, (_, n) => client.callTool({ name: 'add', arguments: { a: n, b: round } })),
      )
      expect(answers.map((answer) => (answer.content as { text: string }[])[0]?.text)).toEqual(
        Array.from({ length: 60 }, (_, n) => String(n + round)),
      )
    }
  })

  test('goes away: its server and its session end', async () => {
    const mounted = await mount()
    const client = await connectOld(mounted)
    let closed = 0
    const server = mounted.servers[0]?.server
    const before = server?.onclose
    if (server !== undefined) {
      server.onclose = () => {
        closed += 1
        before?.()
      }
    }
    expect(mounted.endpoint.size()).toBe(1)
    await client.close()
    await eventually(() => expect([closed, mounted.endpoint.size()]).toEqual([1, 0]))
  })

  test('two of them do not hear each other', async () => {
    const mounted = await mount()
    const [first, second] = [await connectOld(mounted), await connectOld(mounted, 'bob')]
    const both = await Promise.all(
      [first, second].map((client, n) => client.callTool({ name: 'add', arguments: { a: n, b: 10 } })),
    )
    expect(both).toMatchObject([{ content: [{ text: '10' }] }, { content: [{ text: '11' }] }])
  })
})

describe('a session', () => {
  test('is spoken to in the words of 2024-11-05', async () => {
    const mounted = await mount()
    const { response, text, messages } = await openRaw(mounted)
    expect(response.headers).toMatchObject({ 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' })
    expect(messages).toMatch(/\/mcp\/messages\?sessionId=[0-9a-f-]{36}$/)
    const answer = await post(messages, HELLO)
    expect([answer.status, await answer.text()]).toEqual([202, 'Accepted'])
    await eventually(() => expect(text()).toContain('event: message\ndata: {'))
    const data = /event: message\ndata: (.*)\n\n/.exec(text())?.[1] ?? ''
    expect(JSON.parse(data)).toMatchObject({ id: 1, result: { protocolVersion: '2024-11-05' } })
  })

  test('belongs to the principal that opened it: to another it is not there', async () => {
    const mounted = await mount()
    const { text, messages } = await openRaw(mounted, 'alice')
    const foreign = await post(messages, HELLO, { authorization: 'mallory' })
    const unknown = await post(messages.replace(/=.*/, `=${randomUUID()}`), HELLO)
    expect([foreign.status, await foreign.text()]).toEqual([unknown.status, await unknown.text()])
    expect(foreign.status).toBe(404)
    expect((await post(messages.replace(/\?.*/, ''), HELLO)).status).toBe(404)
    expect(text()).not.toContain('event: message')
  })

  test('hears of progress before the answer, as the server says it', async () => {
    const mounted = await mount()
    const { text, messages } = await openRaw(mounted)
    await post(messages, HELLO)
    await eventually(() => expect(text()).toContain('"id":1'))
    const _meta = { progressToken: 'p' }
    await post(messages, rpc('tools/call', 2, { name: 'progress', arguments: {}, _meta }))
    await eventually(() => expect(text()).toContain('"id":2'))
    const told = [...text().matchAll(/data: (\{.*)\n\n/g)].map(([, data = '']) => JSON.parse(data) as object)
    expect(told.slice(1)).toMatchObject([
      { method: 'notifications/progress', params: { progressToken: 'p', progress: 1 } },
      { method: 'notifications/progress', params: { progressToken: 'p', progress: 2 } },
      { id: 2, result: { content: [{ text: 'done' }] } },
    ])
  })

  test('is gone with its stream', async () => {
    const mounted = await mount()
    const { response, messages } = await openRaw(mounted)
    response.destroy()
    await eventually(() => expect(mounted.endpoint.size()).toBe(0))
    expect((await post(messages, HELLO)).status).toBe(404)
  })

  test('takes what is JSON-RPC, and nothing else', async () => {
    const mounted = await mount()
    const { messages } = await openRaw(mounted)
    const statuses = async (bodies: readonly unknown[]) =>
      Promise.all(bodies.map(async (body) => (await post(messages, body)).status))
    expect(await statuses(['', '{', 'null', '[]', '"x"', '{}', { jsonrpc: '2.0' }, [HELLO]])).toEqual(
      Array.from({ length: 8 }, () => 400),
    )
    // The attack: nested so deep that whatever walks through it by recursion ends the stack.
    const deep = `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}}`
    expect(await statuses([deep])).toEqual([400])
    expect((await post(messages, HELLO, { 'content-type': 'text/plain' })).status).toBe(415)
    const huge = await post(messages, rpc('ping', 2, { text: 'x'.repeat(200_000) }))
    expect([huge.status, huge.headers.get('connection')]).toEqual([413, 'close'])
    expect((await post(messages, HELLO)).status).toBe(202)
  })

  test('has two addresses, and no others, with one method each', async () => {
    const mounted = await mount()
    const headers = { authorization: 'alice' }
    for (const path of ['', '/', '/sse/', '/messages/x', '/SSE'])
      expect([path, (await fetch(mounted.url + path, { headers })).status]).toEqual([path, 404])
    for (const [path, allowed] of [
      ['sse', 'GET'],
      ['messages', 'POST'],
    ] as const) {
      for (const method of ['GET', 'POST', 'PUT', 'DELETE'].filter((word) => word !== allowed)) {
        const answer = await fetch(`${mounted.url}/${path}`, { method, headers })
        expect([path, method, answer.status, answer.headers.get('allow')]).toEqual([
          path,
          method,
          405,
          allowed,
        ])
      }
    }
  })

  test('that no server is made for is not opened', async () => {
    const mounted = await mount({}, () => Promise.reject(new Error('nobody there')))
    const answer = await fetch(`${mounted.url}/sse`)
    expect(answer.status).toBe(500)
    expect(await answer.text()).not.toContain('nobody')
    expect(mounted.endpoint.size()).toBe(0)
    expect(mounted.errors).toHaveLength(1)
  })
})

describe('limits', () => {
  test('of streams, for one principal and for all', async () => {
    const mounted = await mount({ maxStreams: 3, maxStreamsPerPrincipal: 2 })
    const first = await openRaw(mounted, 'alice')
    await openRaw(mounted, 'alice')
    const statusFor = async (authorization: string) =>
      (await fetch(`${mounted.url}/sse`, { headers: { authorization } })).status
    expect(await statusFor('alice')).toBe(503)
    await openRaw(mounted, 'bob')
    expect(await statusFor('carol')).toBe(503)
    first.response.destroy()
    await eventually(() => expect(mounted.endpoint.size()).toBe(2))
    await openRaw(mounted, 'alice')
  })

  test('of requests under way; what was cancelled or answered counts no more', async () => {
    const mounted = await mount({ maxRequests: 2 })
    const { messages, text } = await openRaw(mounted)
    await post(messages, HELLO)
    await eventually(() => expect(text()).toContain('event: message'))
    await post(messages, rpc('notifications/initialized'))
    const statusOf = async (message: object) => (await post(messages, message)).status
    expect([await statusOf(SLOW(2)), await statusOf(SLOW(3)), await statusOf(SLOW(4))]).toEqual([
      202, 202, 429,
    ])
    expect(await statusOf(rpc('notifications/cancelled', undefined, { requestId: 3 }))).toBe(202)
    expect([await statusOf(SLOW(5)), await statusOf(SLOW(6))]).toEqual([202, 429])
    expect(await statusOf(rpc('notifications/cancelled', undefined, { requestId: 5 }))).toBe(202)
    expect(await statusOf(rpc('ping', 7))).toBe(202)
    await eventually(() => expect(text()).toContain('"id":7'))
    expect(await statusOf(SLOW(8))).toBe(202)
  })

  test('of what is held for the requests under way', async () => {
    const mounted = await mount({ maxHeldBytes: 1_000 })
    const { messages, text } = await openRaw(mounted)
    await post(messages, HELLO)
    await eventually(() => expect(text()).toContain('event: message'))
    const padded = (id: number) =>
      rpc('tools/call', id, { name: 'slow', arguments: {}, padding: 'x'.repeat(600) })
    expect([(await post(messages, padded(2))).status, (await post(messages, padded(3))).status]).toEqual([
      202, 429,
    ])
  })

  test('of what waits for a client that does not read: it is left', async () => {
    const mounted = await mount({ maxUnreadBytes: 1_000_000 })
    const { messages, response } = await openRaw(mounted)
    await post(messages, HELLO)
    response.pause()
    for (let id = 2; id < 40 && mounted.endpoint.size() > 0; id++)
      await post(messages, rpc('tools/call', id, { name: 'huge', arguments: { bytes: 1_000_000 } }))
    await eventually(() => expect(mounted.endpoint.size()).toBe(0))
  })

  test('of the time in which it does not read', async () => {
    const mounted = await mount({ keepAliveMs: 20, maxFullTicks: 3 })
    const { messages, response } = await openRaw(mounted)
    await post(messages, HELLO)
    response.pause()
    await post(messages, rpc('tools/call', 2, { name: 'huge', arguments: { bytes: 30_000_000 } }))
    await eventually(() => expect(mounted.endpoint.size()).toBe(0))
  })
})

test('a quiet stream is kept alive', async () => {
  const mounted = await mount({ keepAliveMs: 20 })
  const { text } = await openRaw(mounted)
  await eventually(() => expect(text().split(': keep-alive\n\n').length).toBeGreaterThan(3))
  const client = await connectOld(mounted)
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(await client.callTool({ name: 'add', arguments: { a: 1, b: 1 } })).toMatchObject({
    content: [{ text: '2' }],
  })
})

test('close ends all streams, and no new one is opened', async () => {
  const mounted = await mount()
  const streams = [await openRaw(mounted), await openRaw(mounted, 'bob')]
  const ended = streams.map(({ response }) => once(response, 'close'))
  await mounted.endpoint.close()
  await Promise.all(ended)
  await eventually(() => expect(mounted.endpoint.size()).toBe(0))
  expect((await fetch(`${mounted.url}/sse`)).status).toBe(503)
})

test('a client that hangs up in the middle of a message leaves nothing behind', async () => {
  const mounted = await mount()
  const { messages } = await openRaw(mounted)
  const { pathname, search } = new URL(messages)
  const socket = connectSocket(mounted.port, '127.0.0.1')
  const head = `POST ${pathname}${search} HTTP/1.1\r\nhost: x\r\nauthorization: alice\r\n`
  socket.write(`${head}content-type: application/json\r\ncontent-length: 100\r\n\r\n{"jsonrpc"`)
  setTimeout(() => socket.destroy(), 100)
  await eventually(() => expect(mounted.errors).toHaveLength(1))
  expect((await post(messages, HELLO)).status).toBe(202)
})
