import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { createTokenAuth, hashToken } from '../../src/http/auth.ts'
import { createGuard } from '../../src/http/guard.ts'
import { startHttpServer, type HttpServer } from '../../src/http/server.ts'
import { GatewayError } from '../../src/core/errors.ts'
import { openHouse, TOKEN, type House } from '../gateway/open-house.ts'

let house: House
let server: HttpServer

beforeAll(async () => {
  house = openHouse({
    scripts: false,
    servers: {
      alpha: {
        read: {
          inputSchema: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
        },
        'odd/name.v2': {},
        fail: { answer: () => ({ content: [{ type: 'text', text: 'no' }], isError: true }) },
        slow: {
          answer: ({ signal }) =>
            new Promise((_resolve, reject) =>
              signal.addEventListener('abort', () => reject(new GatewayError('call_cancelled', 'gone'))),
            ),
        },
        secret: {},
      },
    },
    serverConfig: { alpha: { tools: { deny: ['secret'] } } },
  })
  await house.gateway.settled()
  server = await startDoor(house)
})
afterAll(async () => {
  await server.close()
  await house.close()
})

function startDoor({ gateway }: House): Promise<HttpServer> {
  return startHttpServer({
    host: '127.0.0.1',
    port: 0,
    endpoints: [],
    maxBodyBytes: 4_096,
    authenticate: createTokenAuth(hashToken(TOKEN)),
    guard: createGuard({ host: '127.0.0.1', allowedHosts: [], allowedOrigins: [] }),
    pending: () => [],
    state: () => ({ revision: 1, isStale: false, isStopping: false }),
    rest: { gateway, newId: randomUUID },
    onError: () => {},
  })
}

const authorization = `Bearer ${TOKEN}`

function call(
  path: string,
  body?: string,
  headers: Readonly<Record<string, string>> = { authorization, 'content-type': 'application/json' },
): Promise<Response> {
  return fetch(`${server.url}/v1/tools/${path}`, {
    method: 'POST',
    headers,
    ...(body === undefined ? {} : { body }),
  })
}

test('lists what may be called, under the names by which it is called', async () => {
  const answer = await fetch(`${server.url}/v1/tools`, { headers: { authorization } })
  const { tools } = (await answer.json()) as {
    tools: { server: string; name: string; inputSchema: object }[]
  }
  const names = tools.map(({ server: of, name }) => `${of}/${name}`)
  expect(names).toEqual(
    expect.arrayContaining(['alpha/read', 'alpha/odd/name.v2', 'alpha/fail', 'code/run_script']),
  )
  expect(names).not.toContain('alpha/secret')
  // List is call: what is listed is found, and what is not listed is not there.
  for (const { server: of, name } of tools) {
    if (name === 'slow') continue
    const { status } = await call(`${of}/${encodeURIComponent(name)}/call`, '{"no such argument":1}')
    expect([name, status === 404]).toEqual([name, false])
  }
})

describe('a call', () => {
  test('answers with the result as MCP has it', async () => {
    const answer = await call('alpha/read/call', '{"path":"/a"}')
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ content: [{ type: 'text' }] })
    expect(house.backends['alpha']?.calls.at(-1)).toMatchObject({
      door: 'rest',
      tool: { server: 'alpha', name: 'read' },
      args: { path: '/a' },
    })
    expect(house.records.at(-1)).toMatchObject({
      door: 'rest',
      tool: 'alpha.read',
      principal: 'token',
      outcome: 'ok',
    })
  })

  test('hands on the trace that the caller follows, and nothing that is none', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    await call('alpha/fail/call', undefined, { authorization, traceparent })
    expect(house.backends['alpha']?.calls.at(-1)?.meta).toEqual({ traceparent })
    await call('alpha/fail/call', undefined, { authorization, traceparent: `${traceparent}-and-more` })
    expect(house.backends['alpha']?.calls.at(-1)?.meta).toBeUndefined()
  })

  test('needs no body where the tool needs no arguments, and takes names with strange characters', async () => {
    const answer = await call('alpha/odd%2Fname.v2/call', undefined, { authorization })
    expect(answer.status).toBe(200)
    expect(house.backends['alpha']?.calls.at(-1)?.tool.name).toBe('odd/name.v2')
  })

  test("answers a tool's own failure as a result", async () => {
    const answer = await call('alpha/fail/call', '{}')
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { content: [{ type: 'text', text: 'no' }], isError: true },
    ])
  })

  test.each([
    ['a tool that does not exist', 'alpha/nothing/call', '{}', 404, 'unknown_tool'],
    ['a forbidden one, as the same', 'alpha/secret/call', '{}', 404, 'unknown_tool'],
    ['a server that does not exist', 'omega/read/call', '{}', 404, 'unknown_tool'],
    ['arguments that do not fit', 'alpha/read/call', '{"path":1}', 400, 'invalid_arguments'],
    ['a list of arguments', 'alpha/read/call', '[1]', 400, 'invalid_arguments'],
    ['no JSON', 'alpha/read/call', '{', 400, 'bad_request'],
    ['a body that is too long', 'alpha/read/call', `{"path":"${'x'.repeat(5_000)}"}`, 413, 'body_too_large'],
    [
      'a body that is too deep',
      'alpha/read/call',
      `${'['.repeat(300)}${']'.repeat(300)}`,
      400,
      'bad_request',
    ],
  ])('refuses %s', async (_what, path, body, status, code) => {
    const before = house.backends['alpha']?.calls.length
    const answer = await call(path, body)
    const told = (await answer.json()) as { error: Record<string, unknown> }
    expect([answer.status, told.error['code']]).toEqual([status, code])
    expect(Object.keys(told.error).sort()).toEqual(['code', 'detail', 'message', 'remedy', 'retryable'])
    expect(house.backends['alpha']?.calls.length).toBe(before)
  })

  test('refuses another kind of body, as a form of a web page sends it', async () => {
    const headers = { authorization, 'content-type': 'text/plain' }
    expect((await call('alpha/read/call', '{"path":"/a"}', headers)).status).toBe(400)
  })

  test('is cancelled when the client goes away', async () => {
    const gone = new AbortController()
    const sent = fetch(`${server.url}/v1/tools/alpha/slow/call`, {
      method: 'POST',
      headers: { authorization },
      signal: gone.signal,
    })
    const cancelled = expect(sent).rejects.toThrow('aborted')
    await expect.poll(() => house.backends['alpha']?.calls.at(-1)?.tool.name).toBe('slow')
    gone.abort()
    await cancelled
    await expect
      .poll(() => house.records.at(-1))
      .toMatchObject({ tool: 'alpha.slow', code: 'call_cancelled' })
  })
})

test('a limit that is used up answers 429 and says when to come again', async () => {
  await using limited = openHouse({
    scripts: false,
    servers: { alpha: { read: {} } },
    config: { limits: { rates: [{ calls: 1, per: 'minute' }] } },
  })
  const door = await startDoor(limited)
  try {
    const answers = []
    for (let count = 0; count < 2; count++)
      answers.push(
        await fetch(`${door.url}/v1/tools/alpha/read/call`, { method: 'POST', headers: { authorization } }),
      )
    expect(answers.map(({ status }) => status)).toEqual([200, 429])
    expect(Number(answers[1]?.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await answers[1]?.json()).toMatchObject({ error: { code: 'rate_limited', retryable: true } })
  } finally {
    await door.close()
  }
})

test('without the token there is nothing to be seen', async () => {
  for (const [method, path] of [
    ['GET', '/v1/tools'],
    ['POST', '/v1/tools/alpha/read/call'],
    ['POST', '/v1/tools/alpha/nothing/call'],
    ['GET', '/v1/nothing'],
  ] as const) {
    const answer = await fetch(server.url + path, { method })
    expect([method, path, answer.status]).toEqual([method, path, 401])
  }
})
