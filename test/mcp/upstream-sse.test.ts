import { Client } from '@modelcontextprotocol/client'
import { afterEach, describe, expect, test } from 'vitest'
import { SseTransport } from '../../src/mcp/transports/sse/transport.ts'
import { createExchange } from '../../src/mcp/upstream/wire/exchange.ts'
import type { Exchange } from '../../src/mcp/upstream/wire/exchange.ts'
import type { HttpPlan } from '../../src/mcp/plan.ts'
import { createRedactor } from '../../src/secrets/redactor.ts'
import { openStream, sseEvent, startRawSse, startSse } from '../fixtures/servers/sse.ts'
import type { SseFixture } from '../fixtures/servers/sse.ts'
import { eventually, httpPlan } from './harness.ts'

const SECRET = 'sk-very-secret-value'
const withSecret = { headers: { Authorization: `Bearer ${SECRET}` } }
const ENDPOINT = 'event: endpoint\ndata: /messages?session=1\n\n'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()))
})

function opened<Fixture extends SseFixture>(server: Fixture): Fixture {
  closers.push(() => server.close())
  return server
}

function transportOf(url: string, more: Partial<HttpPlan> = {}): SseTransport {
  const plan = httpPlan(url, { transport: 'sse', ...more })
  const transport = new SseTransport(plan, createRedactor([plan]).text)
  closers.unshift(() => transport.close())
  return transport
}

/** Shakes hands as a connection does. */
async function connect(url: string, more: Partial<HttpPlan> = {}): Promise<Exchange> {
  const exchange = createExchange(transportOf(url, more), { patience: { silenceMs: 1_000, muteMs: 1_000 } })
  await new Client({ name: 'test', version: '1' }).connect(exchange.port)
  return exchange
}

const callTool = (exchange: Exchange, name: string, args: object = {}, options: object = {}) =>
  exchange.request('tools/call', { name, arguments: { ...args } }, options)

const refused = async (url: string, more: Partial<HttpPlan> = {}): Promise<Error> => {
  const transport = transportOf(url, more)
  return transport.start().then(
    () => new Error('it was not refused'),
    (error: unknown) => transport.toFault(error),
  )
}

describe('a real server of 2024-11-05', () => {
  test('is listed and called, with the headers of the plan on both ways', async () => {
    const server = opened(await startSse({ credential: `Bearer ${SECRET}` }))
    const exchange = await connect(server.url, withSecret)
    const { tools } = await exchange.request('tools/list', {})
    expect(tools).toHaveLength(5)
    expect(await callTool(exchange, 'add', { a: 20, b: 22 })).toMatchObject({ content: [{ text: '42' }] })
    expect(new Set(server.seen.map(({ method }) => method))).toEqual(new Set(['GET', 'POST']))
    expect(server.seen.every(({ headers }) => headers.authorization === `Bearer ${SECRET}`)).toBe(true)
    expect(server.seen.some(({ headers }) => 'x-isogate-exchange' in headers)).toBe(false)
    expect(server.seen.at(-1)?.headers['mcp-protocol-version']).toBe('2025-11-25')
  })

  test('takes many calls at once', async () => {
    const server = opened(await startSse())
    const exchange = await connect(server.url)
    const warnings: Error[] = []
    const onWarning = (warning: Error): void => void warnings.push(warning)
    process.on('warning', onWarning)
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) => callTool(exchange, 'add', { a: n, b: 1 })),
    )
    process.off('warning', onWarning)
    expect(answers.map(({ content }) => (content as { text: string }[])[0]?.text)).toEqual(
      Array.from({ length: 100 }, (_, n) => String(n + 1)),
    )
    expect(warnings).toEqual([])
  })

  test('reports progress, tells of new tools, and a call is cancelled by a notification', async () => {
    const server = opened(await startSse())
    const exchange = await connect(server.url)
    const progress: number[] = []
    const notes: string[] = []
    exchange.onNotification((method) => notes.push(method))
    await callTool(
      exchange,
      'progress',
      {},
      { onProgress: (step: { progress: number }) => progress.push(step.progress) },
    )
    expect(progress).toEqual([1, 2])
    await callTool(exchange, 'grow')
    await eventually(() => expect(notes).toContain('notifications/tools/list_changed'))
    const caller = new AbortController()
    const call = callTool(exchange, 'slow', {}, { signal: caller.signal })
    await eventually(() => expect(server.slow).toHaveLength(1))
    caller.abort()
    await expect(call).rejects.toMatchObject({ kind: 'cancelled' })
    await eventually(() => expect(server.slow[0]?.aborted).toBe(true))
    expect(await callTool(exchange, 'add', { a: 1, b: 1 })).toMatchObject({ content: [{ text: '2' }] })
  })

  test('answers with more than the limit: only that call fails', async () => {
    const server = opened(await startSse())
    const exchange = await connect(server.url)
    const other = callTool(exchange, 'slow').catch((error: unknown) => error)
    const fits = await callTool(exchange, 'huge', { bytes: 3_000_000 })
    expect((fits['content'] as { text: string }[])[0]?.text).toHaveLength(3_000_000)
    await expect(callTool(exchange, 'huge', { bytes: 8_000_000 })).rejects.toMatchObject({
      kind: 'too_large',
    })
    expect(await callTool(exchange, 'add', { a: 1, b: 1 })).toMatchObject({ content: [{ text: '2' }] })
    server.cut()
    expect(await other).toMatchObject({ kind: 'closed' })
  })

  test('breaks the stream off: what is under way fails, and nothing is opened again behind our back', async () => {
    const server = opened(await startSse())
    const exchange = await connect(server.url)
    const call = callTool(exchange, 'slow')
    await eventually(() => expect(server.slow).toHaveLength(1))
    server.cut()
    await expect(call).rejects.toMatchObject({ kind: 'closed', lost: true, untouched: false })
    expect(await exchange.closed).toMatch(/^the connection was (?:closed|reset)$/)
    await expect(callTool(exchange, 'add', { a: 1, b: 1 })).rejects.toMatchObject({ kind: 'unsent' })
    expect(server.seen.filter(({ method }) => method === 'GET')).toHaveLength(1)
  })

  test('is left when the connection is closed', async () => {
    const server = opened(await startSse())
    const exchange = await connect(server.url)
    expect(server.streams()).toBe(1)
    await exchange.close()
    expect(await exchange.closed).toBe('the gateway closed the connection')
    await eventually(() => expect(server.streams()).toBe(0))
  })

  test('stands behind redirects on its own origin', async () => {
    const server = opened(await startSse({ redirects: true, credential: `Bearer ${SECRET}` }))
    const exchange = await connect(server.url, withSecret)
    expect(await callTool(exchange, 'add', { a: 1, b: 2 })).toMatchObject({ content: [{ text: '3' }] })
    expect(server.seen.map(({ path }) => path)).toContain('/sse/')
  })
})

describe('an address without such an event stream', () => {
  test.for([
    [401, 'HTTP 401: the server does not accept the credential, or wants one'],
    [404, 'HTTP 404: there is no MCP endpoint at this address'],
    [405, 'HTTP 405: the address does not take GET; it may speak Streamable HTTP'],
    [429, 'HTTP 429: too many requests, to be tried again in 7 s'],
    [500, 'HTTP 500: the server failed'],
    [200, 'there is no event stream at this address'],
  ] as const)('answers %i', async ([status, message]) => {
    const server = opened(
      await startRawSse((response) => void response.writeHead(status, { 'retry-after': '7' }).end(SECRET)),
    )
    expect(await refused(server.url, withSecret)).toMatchObject({ kind: 'http', status, message })
  })

  test('is not there', async () => {
    const server = await startSse()
    await server.close()
    expect(await refused(server.url)).toMatchObject({
      kind: 'unsent',
      message: 'connection refused',
      lost: true,
    })
  })

  test('opens a stream of another kind, which names no endpoint', async () => {
    const server = opened(
      await startRawSse((response) => openStream(response, ': hello\n\nevent: ping\ndata: 1\n\n')),
    )
    const timeouts = { connectMs: 400, listMs: 1_000, callMs: 1_000 }
    expect(await refused(server.url, { timeouts })).toMatchObject({
      kind: 'http',
      message: 'the event stream names no endpoint; it is not that of HTTP+SSE',
    })
    await eventually(() => expect(server.streams()).toBe(0))
  })

  test('ends before it names an endpoint', async () => {
    const server = opened(
      await startRawSse(
        (response) => void response.writeHead(200, { 'content-type': 'text/event-stream' }).end(),
      ),
    )
    expect(await refused(server.url)).toMatchObject({
      kind: 'closed',
      message: 'the server ended the event stream',
    })
  })

  test('is closed while it is waited for', async () => {
    const server = opened(await startRawSse((response) => openStream(response, ': wait\n\n')))
    const transport = transportOf(server.url)
    const start = transport.start()
    await transport.close()
    await expect(start).rejects.toMatchObject({ kind: 'closed' })
    expect(transport.closeReason()).toBe('the gateway closed the connection')
  })
})

describe('a hostile server', () => {
  test('names an endpoint on another origin: no credential goes there', async () => {
    const thief = opened(await startSse())
    const server = opened(
      await startRawSse((response) =>
        openStream(response, `event: endpoint\ndata: ${new URL('/messages', thief.url).href}\n\n`),
      ),
    )
    const fault = await refused(server.url, withSecret)
    expect(fault).toMatchObject({ kind: 'invalid' })
    expect(fault.message).toContain(`on another origin (${new URL(thief.url).origin})`)
    await eventually(() => expect(server.streams()).toBe(0))
    expect(thief.seen).toEqual([])
  })

  test.for(['//evil.example/messages', 'http://[', 'javascript:alert(1)', `/${'x'.repeat(10_000)}`])(
    'names no usable endpoint: %s',
    async (uri) => {
      const server = opened(
        await startRawSse((response) => openStream(response, `event: endpoint\ndata: ${uri}\n\n`)),
      )
      expect(await refused(server.url)).toMatchObject({ kind: 'invalid' })
    },
  )

  test('redirects the stream, or a message, to another origin', async () => {
    const thief = opened(await startSse())
    const location = new URL('/sse', thief.url).href
    const first = opened(await startRawSse((response) => void response.writeHead(302, { location }).end()))
    const reason = 'HTTP 302: a redirect to another origin is not followed'
    expect(await refused(first.url, withSecret)).toMatchObject({ kind: 'http', message: reason })
    const second = opened(
      await startRawSse(
        (response) => openStream(response, ENDPOINT),
        (_message, _stream, post) => void post.writeHead(307, { location }).end(),
      ),
    )
    const exchange = await connect(second.url, withSecret)
    await expect(callTool(exchange, 'a')).rejects.toMatchObject({ kind: 'http', status: 307 })
    expect(thief.seen).toEqual([])
  })

  test('redirects without end', async () => {
    const server = opened(
      await startRawSse((response) => void response.writeHead(302, { location: '/sse' }).end()),
    )
    expect(await refused(server.url)).toMatchObject({ message: 'the server redirects without end' })
  })

  test('writes an event without end: the connection ends', async () => {
    const chunk = 'x'.repeat(1_024 * 1_024)
    const server = opened(
      await startRawSse(
        (response) => openStream(response, ENDPOINT),
        (_message, stream, post) => {
          post.writeHead(202).end()
          stream.write('data: {"jsonrpc":"2.0","result":"')
          const more = (): void => {
            while (!stream.destroyed && stream.write(chunk)) continue
            if (!stream.destroyed) stream.once('drain', more)
          }
          more()
        },
      ),
    )
    const exchange = await connect(server.url)
    await expect(callTool(exchange, 'a')).rejects.toMatchObject({ kind: 'closed', lost: true })
    expect(await exchange.closed).toMatch(/^an event has far more than \d+ bytes$/)
    await eventually(() => expect(server.streams()).toBe(0))
  })

  test('writes garbage between its answers', async () => {
    const server = opened(
      await startRawSse(
        (response) =>
          openStream(
            response,
            `: noise\n\nnonsense\n\n${ENDPOINT}data: not JSON\n\ndata\n\nevent: x\ndata: {}\n\n`,
          ),
        ({ id }, stream, post) => {
          post.writeHead(202).end()
          stream.write('data: 17\n\ndata: [1]\n\ndata: {"method":1}\n\n\r\n\r\n')
          stream.write(ENDPOINT.replace('/messages', 'http://127.0.0.1:1/elsewhere'))
          stream.write(
            `id: 9\r\nevent: message\r\ndata: {"jsonrpc":"2.0",\r\ndata: "id":${id},"result":{"ok":true}}\r\n\r\n`,
          )
        },
      ),
    )
    const exchange = await connect(server.url)
    expect(await callTool(exchange, 'a')).toEqual({ ok: true })
    expect(await callTool(exchange, 'a')).toEqual({ ok: true })
  })

  test('answers with broken JSON: that call fails, and the next is made', async () => {
    const server = opened(
      await startRawSse(
        (response) => openStream(response, ENDPOINT),
        ({ id }, stream, post) => {
          post.writeHead(202).end()
          stream.write(`data: {"jsonrpc":"2.0","id":${id},"result":{"oops\n\n`)
        },
      ),
    )
    const exchange = await connect(server.url)
    await expect(callTool(exchange, 'a')).rejects.toMatchObject({ kind: 'invalid' })
    await expect(callTool(exchange, 'a')).rejects.toMatchObject({ kind: 'invalid' })
  })

  test.for([
    [
      404,
      {
        kind: 'http',
        lost: true,
        untouched: true,
        message: 'HTTP 404: the server has forgotten the session',
      },
    ],
    [401, { kind: 'http', lost: true, untouched: true }],
    [403, { kind: 'http', lost: false, untouched: true }],
    [400, { kind: 'http', lost: false, untouched: false }],
    [500, { kind: 'http', lost: false, untouched: false, message: 'HTTP 500: the server failed' }],
  ] as const)('answers a message with %i', async ([status, expected]) => {
    const server = opened(
      await startRawSse(
        (response) => openStream(response, ENDPOINT),
        (_message, _stream, post) => void post.writeHead(status).end(`you sent ${SECRET}`),
      ),
    )
    const exchange = await connect(server.url, withSecret)
    const error: unknown = await callTool(exchange, 'a').catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ ...expected, status })
    expect((error as Error).message).not.toContain(SECRET)
  })

  test('answers on the stream and never on the post: the call is answered, and the post is given up', async () => {
    const posts: { destroyed: boolean }[] = []
    const server = opened(
      await startRawSse(
        (response) => openStream(response, ENDPOINT),
        ({ id }, stream, post) => {
          posts.push(post)
          stream.write(sseEvent({ jsonrpc: '2.0', id, result: { ok: true } }))
        },
      ),
    )
    const timeouts = { connectMs: 5_000, listMs: 1_000, callMs: 300 }
    const exchange = await connect(server.url, { timeouts })
    expect(await callTool(exchange, 'a')).toEqual({ ok: true })
    await eventually(() => expect(posts[0]?.destroyed).toBe(true))
    expect(await callTool(exchange, 'a')).toEqual({ ok: true })
  })

  test('hangs up on a message', async () => {
    const server = opened(
      await startRawSse(
        (response) => openStream(response, ENDPOINT),
        (_message, _stream, post) => void post.destroy(),
      ),
    )
    const exchange = await connect(server.url)
    await expect(callTool(exchange, 'a')).rejects.toMatchObject({ kind: 'closed', untouched: false })
  })
})
