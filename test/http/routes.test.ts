import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { ERRORS } from '../../src/core/error-table.ts'
import { createTokenAuth, hashToken } from '../../src/http/auth.ts'
import { createGuard } from '../../src/http/guard.ts'
import { PUBLIC_PATHS, startHttpServer, type HttpServerParts } from '../../src/http/server.ts'
import { openHouse, TOKEN, type House } from '../gateway/open-house.ts'
import { mcpHeaders, readAnswer, rpcRequest } from './raw-request.ts'

let house: House
let url: string

beforeAll(async () => {
  house = openHouse({ servers: { alpha: { read: {} } }, scripts: false })
  ;({ url } = await house.listenHttp())
})
afterAll(() => house.close())

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD']

/** Every path that is served, and some that lead near one. */
const endpoints = (): string[] => house.plan.endpoints.map(({ path }) => path)
const NEAR = [
  '/',
  '/mcp/',
  '/MCP',
  '/mcp//classic',
  '/mcp/other',
  '/health/',
  '/ready/x',
  '//mcp',
  '/mcp%2fcode',
  '/.env',
]

/** Headers with something in place of the right token. */
function withAuthorization(authorization: string | undefined): Record<string, string> {
  const { authorization: _right, ...headers } = mcpHeaders()
  return authorization === undefined ? headers : { ...headers, authorization }
}

describe('without the right token', () => {
  test.each([
    ['no header', undefined],
    ['another scheme', `Basic ${TOKEN}`],
    ['a wrong token', 'Bearer isg_wrong'],
  ])('every path that is not public answers 401 to every method: %s', async (_what, authorization) => {
    for (const path of [...endpoints(), ...NEAR]) {
      for (const method of METHODS) {
        const headers = withAuthorization(authorization)
        const answer = await fetch(url + path, { method, headers })
        expect([method, path, answer.status]).toEqual([method, path, 401])
        expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/)
        expect(await answer.text()).not.toContain('isg_')
      }
    }
  })

  test('a call in either era reaches no server', async () => {
    for (const path of endpoints()) {
      for (const era of ['legacy', 'modern'] as const) {
        const { body, headers } = rpcRequest(era, 'tools/call', { name: 'alpha__read' })
        const { authorization: _right, ...without } = headers
        const answer = await fetch(url + path, { method: 'POST', headers: without, body })
        expect(answer.status).toBe(401)
      }
    }
    expect(house.backends['alpha']?.calls).toEqual([])
  })

  test('a token in the query is no token', async () => {
    const answer = await fetch(`${url}/mcp?token=${TOKEN}&access_token=${TOKEN}`, {
      headers: withAuthorization(undefined),
    })
    expect(answer.status).toBe(401)
  })

  test('only health is public', async () => {
    expect(PUBLIC_PATHS.toSorted()).toEqual(['/health', '/ready'])
    for (const path of PUBLIC_PATHS) {
      const answer = await fetch(url + path)
      expect([path, answer.status]).toEqual([path, 200])
      expect(await answer.text()).not.toMatch(/alpha|isg_/)
    }
  })
})

describe('with the token', () => {
  test('an unknown path answers 404 in JSON', async () => {
    const answer = await readAnswer(await fetch(`${url}/nowhere`, { headers: mcpHeaders() }))
    expect(answer.status).toBe(404)
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
    expect(answer.last).toMatchObject({
      id: null,
      error: { code: ERRORS.not_found.jsonRpc, data: { code: 'not_found' } },
    })
  })

  test('a method that MCP does not use answers 405 at an endpoint', async () => {
    for (const path of endpoints()) {
      for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
        const answer = await fetch(url + path, { method, headers: mcpHeaders() })
        expect([path, method, answer.status]).toEqual([path, method, 405])
      }
    }
  })

  test('a path that cannot be read answers 400 in the words of the table', async () => {
    const answer = await readAnswer(await fetch(`${url}/%zz`, { headers: mcpHeaders() }))
    expect(answer.status).toBe(400)
    expect(answer.last).toMatchObject({ error: { data: { code: 'bad_request' } } })
  })
})

describe('a request of another Host or Origin', () => {
  test('is refused before anything else, at public paths too', async () => {
    for (const path of [...PUBLIC_PATHS, ...endpoints(), '/nowhere']) {
      const answer = await fetch(url + path, { headers: mcpHeaders({ origin: 'https://evil.example' }) })
      expect([path, answer.status]).toEqual([path, 403])
      expect(await answer.text()).toContain('forbidden_origin')
    }
  })
})

describe('/ready', () => {
  test('answers 503 while a server has not been tried, and never says which', async () => {
    let waiting = ['alpha']
    const server = await startHttpServer({ ...minimalParts(), pending: () => waiting })
    try {
      const before = await fetch(`${server.url}/ready`)
      expect([before.status, await before.json()]).toEqual([503, { ready: false, waiting: 1, revision: 1 }])
      waiting = []
      const after = await fetch(`${server.url}/ready`)
      expect([after.status, await after.json()]).toEqual([200, { ready: true, waiting: 0, revision: 1 }])
    } finally {
      await server.close()
    }
  })

  test.each([
    [
      { revision: 7, isStale: true, isStopping: false },
      [200, { ready: true, waiting: 0, revision: 7, configuration: 'stale' }],
    ],
    [
      { revision: 7, isStale: false, isStopping: true },
      [503, { ready: false, waiting: 0, revision: 7, stopping: true }],
    ],
  ])('says of %j how it is', async (state, wanted) => {
    const server = await startHttpServer({ ...minimalParts(), state: () => state })
    try {
      const answer = await fetch(`${server.url}/ready`)
      expect([answer.status, await answer.json()]).toEqual(wanted)
    } finally {
      await server.close()
    }
  })
})

describe('listening', () => {
  test('on a port that is taken ends with port_in_use', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as AddressInfo
    try {
      await expect(startHttpServer({ ...minimalParts(), port })).rejects.toMatchObject({
        code: 'port_in_use',
        message: expect.stringContaining(String(port)) as string,
      })
    } finally {
      other.close()
    }
  })

  test('on an address that is not of this machine ends with listen_failed', async () => {
    await expect(startHttpServer({ ...minimalParts(), host: '192.0.2.1' })).rejects.toMatchObject({
      code: 'listen_failed',
    })
  })

  test('an endpoint that fails answers 500 without its words, and tells the log', async () => {
    const told: unknown[] = []
    const server = await startHttpServer({
      ...minimalParts(),
      pending: () => {
        throw new Error('cannot read /etc/secret')
      },
      onError: ({ cause }) => void told.push(cause),
    })
    try {
      const answer = await fetch(`${server.url}/ready`)
      expect(answer.status).toBe(500)
      expect(await answer.text()).not.toContain('/etc/secret')
      expect(told).toMatchObject([{ message: 'cannot read /etc/secret' }])
    } finally {
      await server.close()
    }
  })
})

function minimalParts(): HttpServerParts {
  return {
    host: '127.0.0.1',
    port: 0,
    endpoints: [],
    maxBodyBytes: 1_024,
    authenticate: createTokenAuth(hashToken(TOKEN)),
    guard: createGuard({ host: '127.0.0.1', allowedHosts: [], allowedOrigins: [] }),
    pending: () => [],
    state: () => ({ revision: 1, isStale: false, isStopping: false }),
    onError: () => {},
  }
}
