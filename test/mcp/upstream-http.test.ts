import type { ServerResponse } from 'node:http'
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

const SECRET = 'sk-very-secret-value'
const withSecret = { headers: { Authorization: `Bearer ${SECRET}` } }

describe.for([
  ['2026-07-28', modernHandler],
  ['2025-11-25 with sessions', sessionHandler],
] as const)('a server over HTTP, %s', ([, handler]) => {
  test('is listed and called, with the headers of its plan', async () => {
    const server = await serve(handler())
    const { backend } = await settle(httpPlan(server.url, withSecret))
    expect(backend.status()).toEqual({ state: 'ready' })
    expect(backend.tools().map((tool) => tool.ref.name)).toContain('add')
    expect(await backend.call(callOf('add', { a: 20, b: 22 }))).toMatchObject({ content: [{ text: '42' }] })
    expect(await backend.call(callOf('region', { region: 'Zürich ' }))).toMatchObject({
      content: [{ text: 'Zürich ' }],
    })
    expect(server.seen.every((headers) => headers.authorization === `Bearer ${SECRET}`)).toBe(true)
    expect(server.seen.some((headers) => 'x-isogate-exchange' in headers)).toBe(false)
  })

  test('reports progress and can be cancelled', async () => {
    const server = await serve(handler())
    const { backend } = await settle(httpPlan(server.url))
    const seen: number[] = []
    await backend.call(callOf('progress', {}, { onProgress: ({ progress }) => seen.push(progress) }))
    expect(seen).toEqual([1, 2])
    const signal = AbortSignal.timeout(200)
    await expect(backend.call(callOf('slow', {}, { signal }))).rejects.toMatchObject({
      code: 'call_cancelled',
    })
    expect(await backend.call(callOf('add', { a: 1, b: 1 }))).toMatchObject({ content: [{ text: '2' }] })
  })

  test('answers with more than the limit: only that call fails', async () => {
    const server = await serve(handler())
    const { backend } = await settle(httpPlan(server.url))
    const fits = await backend.call(callOf('huge', { bytes: 1_000_000 }))
    expect(fits.content[0]?.['text']).toHaveLength(1_000_000)
    await expect(backend.call(callOf('huge', { bytes: 8_000_000 }))).rejects.toMatchObject({
      code: 'upstream_too_large',
    })
    expect(backend.status()).toEqual({ state: 'ready' })
    expect(await backend.call(callOf('add', { a: 1, b: 1 }))).toMatchObject({ content: [{ text: '2' }] })
  })
})

test('a server that has forgotten the session is connected anew, and the call is made', async () => {
  const server = await serve(sessionHandler())
  const { backend } = await settle(httpPlan(server.url))
  await server.close()
  await serve(sessionHandler(), server.port)
  // The end of the old connections must have been seen: a call that goes out on one of them may have
  // reached the server, and is never made twice.
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(await backend.call(callOf('add', { a: 1, b: 2 }))).toMatchObject({ content: [{ text: '3' }] })
})

test('a server that is not there, and later is', async () => {
  const server = await startHttp(modernHandler())
  await server.close()
  const { backend } = await settle(httpPlan(server.url))
  expect(backend.status()).toEqual({ state: 'down', reason: 'connection refused' })
  await expect(backend.call(callOf('add'))).rejects.toMatchObject({ code: 'upstream_unavailable' })
  await serve(modernHandler(), server.port)
  await eventually(() => expect(backend.status()).toEqual({ state: 'ready' }))
})

test.for([
  [401, 'HTTP 401: the server does not accept the credential, or wants one'],
  [403, 'HTTP 403: the credential does not allow this'],
  [404, 'HTTP 404: there is no MCP endpoint at this address'],
  [429, 'HTTP 429: too many requests, to be tried again in 7 s'],
  [500, 'HTTP 500: the server failed'],
] as const)('a server that answers everything with %i', async ([status, reason]) => {
  const server = await serve((request, response) => {
    // The attack: the page of an error that repeats the credential.
    response.writeHead(status, { 'retry-after': '7' }).end(`You sent ${request.headers.authorization}`)
  })
  const { backend, log } = await settle(httpPlan(server.url, withSecret))
  expect(backend.status()).toEqual({ state: 'down', reason })
  expect(JSON.stringify(log)).not.toContain(SECRET)
})

describe('a call over HTTP that goes wrong', () => {
  const answers: Record<string, (response: ServerResponse, id: unknown, credential: string) => void> = {
    echoes: (response, id, credential) =>
      sendJson(response, 200, {
        jsonrpc: '2.0',
        id,
        error: { code: -32000, message: `bad ${credential}`, data: { credential } },
      }),
    rate: (response) => void response.writeHead(429, { 'retry-after': '30' }).end('slow down'),
    broken: (response) => void response.writeHead(500).end('oops'),
    text: (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
    notJson: (response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('{oops'),
    noResult: (response, id) => sendJson(response, 200, { jsonrpc: '2.0', id, result: 'text' }),
    hangsUp: (response) => void response.destroy(),
    endsStream: (response) =>
      void response.writeHead(200, { 'content-type': 'text/event-stream' }).end(': nothing\n\n'),
    breaksStream: (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: {"jsonr')
      setTimeout(() => response.destroy(), 50)
    },
    garbledStream: (response) =>
      void response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: {oops\n\n'),
    redirect: (response) => void response.writeHead(307, { location: 'http://localhost:1/elsewhere' }).end(),
  }

  test.for([
    ['echoes', 'upstream_failed'],
    ['rate', 'upstream_unavailable'],
    ['broken', 'upstream_failed'],
    ['text', 'upstream_invalid'],
    ['notJson', 'upstream_invalid'],
    ['noResult', 'upstream_invalid'],
    ['hangsUp', 'upstream_closed'],
    ['endsStream', 'upstream_closed'],
    ['breaksStream', 'upstream_closed'],
    ['garbledStream', 'upstream_invalid'],
    ['redirect', 'upstream_failed'],
  ] as const)('%s: %s, and no credential in the text', async ([name, code]) => {
    const server = await serve(
      rawHandler((tool, id, response, request) =>
        answers[tool]?.(response, id, request.headers.authorization ?? ''),
      ),
    )
    const { backend } = await settle(httpPlan(`${server.url}?key=${SECRET}`, withSecret))
    expect(backend.status()).toEqual({ state: 'ready' })
    const error: unknown = await backend.call(callOf(name)).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code })
    const { message, detail } = error as { message: string; detail: object }
    expect(message + JSON.stringify(detail)).not.toContain(SECRET)
  })
})
