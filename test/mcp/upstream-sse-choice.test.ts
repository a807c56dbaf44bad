import { afterEach, describe, expect, test } from 'vitest'
import { mayBeSse, moreTelling } from '../../src/mcp/transports/choice.ts'
import { TransportFault } from '../../src/mcp/transports/port.ts'
import { rawHandler, startHttp } from '../fixtures/servers/http.ts'
import { openStream, startRawSse, startSse } from '../fixtures/servers/sse.ts'
import type { SseFixture } from '../fixtures/servers/sse.ts'
import { callOf, closeAll, eventually, httpPlan, settle, stdioPlan } from './harness.ts'

const servers: { close: () => Promise<void> }[] = []
function opened<Fixture extends { close: () => Promise<void> }>(server: Fixture): Fixture {
  servers.push(server)
  return server
}
afterEach(async () => {
  await closeAll()
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

const waysOf = ({ seen }: SseFixture): readonly string[] =>
  seen.map(({ method, path }) => `${method} ${path.split('?')[0]}`)

describe('an upstream of 2024-11-05', () => {
  test.for(['auto', undefined, 'sse'] as const)('is reached with the transport %s', async (transport) => {
    const server = opened(await startSse())
    const { backend } = await settle(
      httpPlan(server.url, { ...(transport === undefined ? {} : { transport }), probeMs: 50 }),
    )
    expect(backend.status()).toEqual({ state: 'ready' })
    expect(backend.describe?.()).toMatchObject({ era: 'legacy', protocolVersion: '2025-11-25' })
    expect(await backend.call(callOf('add', { a: 20, b: 22 }))).toMatchObject({ content: [{ text: '42' }] })
    // With `sse`, nothing is ever posted to the address of the stream.
    expect(waysOf(server).includes('POST /sse')).toBe(transport !== 'sse')
    const before = server.seen.length
    await eventually(() => expect(server.seen.length).toBeGreaterThan(before + 2))
    expect(backend.status()).toEqual({ state: 'ready' })
  })

  test('is not reached with the transport streamable-http', async () => {
    const server = opened(await startSse())
    const { backend } = await settle(httpPlan(server.url, { transport: 'streamable-http' }))
    expect(backend.status()).toEqual({
      state: 'down',
      reason: 'HTTP 404: there is no MCP endpoint at this address',
    })
    expect(waysOf(server)).not.toContain('GET /sse')
  })

  test('is connected anew when its stream was broken off, and its new tools are listed', async () => {
    const server = opened(await startSse())
    const { backend } = await settle(httpPlan(server.url))
    await backend.call(callOf('grow'))
    await eventually(() => expect(backend.tools().map(({ ref }) => ref.name)).toContain('grown'))
    const call = backend.call(callOf('slow'))
    await eventually(() => expect(server.slow).toHaveLength(1))
    server.cut()
    await expect(call).rejects.toMatchObject({ code: 'upstream_closed' })
    await eventually(async () =>
      expect(await backend.call(callOf('add', { a: 1, b: 1 }))).toMatchObject({ content: [{ text: '2' }] }),
    )
  })
})

describe('the older transport is not tried', () => {
  test.for([401, 403, 429, 500, 503])('after HTTP %i', async (status) => {
    const server = opened(await startHttp((_request, response) => void response.writeHead(status).end()))
    const { backend } = await settle(httpPlan(server.url))
    expect(backend.status()).toMatchObject({ state: 'down' })
    expect(server.seen.some(({ accept }) => accept === 'text/event-stream')).toBe(false)
  })
})

describe('where neither is understood, the reason is that of the newer', () => {
  test.for([400, 404, 405])('HTTP %i', async (status) => {
    const server = opened(await startHttp((_request, response) => void response.writeHead(status).end('no')))
    const { backend } = await settle(httpPlan(server.url))
    const state = backend.status()
    expect(state.state === 'down' && state.reason).toContain(`HTTP ${status}`)
    expect(server.seen.filter(({ accept }) => accept === 'text/event-stream')).toHaveLength(1)
  })

  test('a stream of notifications is not taken for it', async () => {
    const handler = rawHandler(() => {})
    const server = opened(
      await startHttp((request, response, body) => {
        if (request.method === 'GET') return openStream(response, ': notifications\n\n')
        if ((body as { method: string }).method === 'initialize') return void response.writeHead(400).end()
        return handler(request, response, body)
      }),
    )
    const timeouts = { connectMs: 1_000, listMs: 1_000, callMs: 1_000 }
    const { backend } = await settle(httpPlan(server.url, { timeouts }))
    expect(backend.status()).toEqual({ state: 'down', reason: 'HTTP 400' })
  })
})

test('where the older one comes further, the reason is its own', async () => {
  const server = opened(
    await startRawSse((response) => openStream(response, 'event: endpoint\ndata: http://evil.example/\n\n')),
  )
  const { backend } = await settle(httpPlan(server.url.replace('/sse', '/other')))
  expect(backend.status()).toMatchObject({ reason: expect.stringContaining('on another origin') as string })
})

test('what leads to the older transport, and which failure tells more', () => {
  const fault = (kind: 'http' | 'rpc' | 'closed', status?: number) =>
    new TransportFault(kind, 'x', status === undefined ? {} : { status })
  const plan = httpPlan('http://localhost/')
  expect([400, 404, 405].every((status) => mayBeSse(plan, fault('http', status)))).toBe(true)
  expect([401, 403, 406, 429, 500].some((status) => mayBeSse(plan, fault('http', status)))).toBe(false)
  expect(mayBeSse(plan, fault('closed'))).toBe(false)
  expect(mayBeSse(plan, new Error('x'))).toBe(false)
  expect(mayBeSse({ ...plan, transport: 'sse' }, fault('http', 404))).toBe(false)
  expect(mayBeSse({ ...plan, transport: 'streamable-http' }, fault('http', 404))).toBe(false)
  expect(mayBeSse({ ...plan, protocol: 'modern' }, fault('http', 404))).toBe(false)
  expect(mayBeSse(stdioPlan('normal'), fault('http', 404))).toBe(false)
  const newer = fault('http', 404)
  for (const status of [200, 302, 400, 404, 405])
    expect(moreTelling(newer, fault('http', status))).toBe(newer)
  for (const status of [401, 403, 429, 500]) expect(moreTelling(newer, fault('http', status))).not.toBe(newer)
  expect(moreTelling(newer, fault('closed'))).not.toBe(newer)
})
