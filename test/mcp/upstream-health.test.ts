import { afterEach, describe, expect, test } from 'vitest'
import { modernHandler, rawHandler, sendJson, sessionHandler, startHttp } from '../fixtures/servers/http.ts'
import type { HttpFixture } from '../fixtures/servers/http.ts'
import { callOf, closeAll, eventually, httpPlan, settle } from './harness.ts'

const servers: HttpFixture[] = []
async function serve(...args: Parameters<typeof startHttp>): Promise<HttpFixture> {
  const server = await startHttp(...args)
  servers.push(server)
  return server
}

afterEach(async () => {
  await closeAll()
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

const timeouts = { connectMs: 2_000, listMs: 2_000, callMs: 10_000 }
const probed = { probeMs: 50, timeouts }
const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

describe.for([
  ['2026-07-28', modernHandler],
  ['2025-11-25 with sessions', sessionHandler],
] as const)('nobody calls a server over HTTP, %s', ([, handler]) => {
  test('one that went away is shown as down, and one that came back is found', async () => {
    const server = await serve(handler())
    const { backend } = await settle(httpPlan(server.url, probed))
    await later(300)
    expect(backend.status()).toEqual({ state: 'ready' })
    await server.close()
    await eventually(() => expect(backend.status().state).toBe('down'))
    await serve(handler(), server.port)
    await eventually(() => expect(backend.status()).toEqual({ state: 'ready' }))
    expect(await backend.call(callOf('add', { a: 1, b: 1 }))).toMatchObject({ content: [{ text: '2' }] })
  })
})

test('a server that answers nothing any more is shown as down, with the reason', async () => {
  let isHung = false
  const answers = rawHandler(() => {})
  const server = await serve((request, response, body) => {
    if (!isHung) return answers(request, response, body)
  })
  const { backend } = await settle(
    httpPlan(server.url, { ...probed, timeouts: { ...timeouts, connectMs: 300 } }),
  )
  expect(backend.status()).toEqual({ state: 'ready' })
  isHung = true
  const seen = new Set<string>()
  backend.onChange(() => void seen.add(JSON.stringify(backend.status())))
  await eventually(() => expect([...seen].join()).toContain('no answer to a health probe within 300 ms'))
})

test('any answer is a sign of life, and a call under way is not disturbed', async () => {
  let pings = 0
  const raw = rawHandler((_name, id, response) => {
    setTimeout(() => sendJson(response, 200, { jsonrpc: '2.0', id, result: { content: [] } }), 600)
  })
  // It does not know `ping`, and says so.
  const server = await serve((request, response, body) => {
    if ((body as { method?: string } | undefined)?.method === 'ping') pings += 1
    return raw(request, response, body)
  })
  const { backend } = await settle(httpPlan(server.url, probed))
  await eventually(() => expect(pings).toBeGreaterThan(2))
  expect(backend.status()).toEqual({ state: 'ready' })
  const slow = backend.call(callOf('a'))
  await later(200)
  const before = pings
  expect(await slow).toEqual({ content: [] })
  expect(pings).toBe(before)
})

test('a server that is not to be asked is not asked', async () => {
  const server = await serve(rawHandler(() => {}))
  await settle(httpPlan(server.url, { probeMs: 0, timeouts }))
  // What belongs to connecting may still be on its way.
  await later(200)
  const { length } = server.seen
  await later(300)
  expect(server.seen).toHaveLength(length)
})
