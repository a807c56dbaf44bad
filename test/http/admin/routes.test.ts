import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'

import { describe, expect, test } from 'vitest'
import type { z } from 'zod'

import { ADMIN_SECRET, GATEWAY_SECRET, openAdminHouse } from './admin-house.ts'

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD']

/** The operations of the document that the server itself gives. */
async function described(send: Awaited<ReturnType<typeof openAdminHouse>>['send']) {
  const { body } = await send('GET', '/openapi.json')
  return Object.entries(body.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      path,
      method: method.toUpperCase(),
      operation,
    })),
  )
}

test('each route is in the document, and each operation of the document is a route', async () => {
  const { routes, send } = await openAdminHouse()
  const operations = await described(send)
  const keyOf = (method: string, path: string): string => `${method} ${path.replace('{id}', ':id')}`
  expect(operations.map(({ method, path }) => keyOf(method, path)).sort()).toEqual(
    routes.map(({ method, path }) => keyOf(method, `/api/v1${path}`)).sort(),
  )
  const names = operations.map(({ operation }) => operation.operationId)
  expect(new Set(names).size).toBe(names.length)
  for (const { path, operation } of operations) {
    expect(operation.summary).toMatch(/\.$/)
    const inPath =
      operation.parameters?.filter((parameter) => parameter.in === 'path').map(({ name }) => name) ?? []
    expect(inPath).toEqual(path.includes('{id}') ? ['id'] : [])
  }
})

test('the document is OpenAPI 3.1 with the schemas that check', async () => {
  const { send } = await openAdminHouse()
  const { body } = await send('GET', '/openapi.json')
  expect(body).toMatchObject({
    openapi: '3.1.0',
    info: { title: 'Isogate admin API', version: '1.2.3' },
    security: [{ token: [] }],
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
  })
  const key = body.paths['/api/v1/keys/{id}']?.['put']?.requestBody?.content['application/json'].schema
  expect(Object.keys(key?.['properties'] ?? {}).sort()).toEqual([
    'expires',
    'limits',
    'policy',
    'team',
    'title',
  ])
  expect(key?.['additionalProperties']).toBe(false)
})

describe('without the token of administrators', () => {
  test('every route, and everything near one, answers 401', async () => {
    const { url, send, routes } = await openAdminHouse()
    const { body } = await send('POST', '/keys', { id: 'ci' })
    const credentials: Record<string, string>[] = [
      {},
      { authorization: `Bearer ${GATEWAY_SECRET}` },
      { authorization: `Bearer ${body.secret}` },
      { 'x-api-key': body.secret },
      { 'x-isogate-key': body.secret },
      { authorization: 'Bearer a-declared-secret' },
      { authorization: `Basic ${ADMIN_SECRET}` },
      { authorization: `Bearer ${ADMIN_SECRET}`, 'x-api-key': body.secret },
      { 'x-forwarded-user': 'admin', cookie: `token=${ADMIN_SECRET}` },
    ]
    const table = routes.map(({ method, path }) => ({ method, path: `/api/v1${path.replace(':id', 'ci')}` }))
    const near = [
      '/',
      '/api',
      '/api/v1',
      '/api/v1/',
      '/api/v1/openapi.json',
      '/health',
      '/metrics',
      '/mcp',
      '/api/v1/keys/../keys',
    ]
    const asked = [...table, ...near.flatMap((path) => METHODS.map((method) => ({ method, path })))]
    for (const headers of credentials) {
      for (const { method, path } of asked) {
        const answer = await fetch(`${url}${path}?token=${ADMIN_SECRET}`, { method, headers })
        expect([method, path, headers, answer.status]).toEqual([method, path, headers, 401])
        await answer.body?.cancel()
      }
    }
    expect(await send('GET', '/keys/ci')).toMatchObject({ status: 200, body: { state: 'active' } })
  })

  test('nor is anybody let in by one of two headers', async () => {
    const { url } = await openAdminHouse()
    const { hostname, port } = new URL(url)
    const [right, wrong] = [`Bearer ${ADMIN_SECRET}`, 'Bearer isa_another']
    for (const both of [
      [right, wrong],
      [wrong, right],
    ]) {
      const headers = ['Host', `${hostname}:${port}`, ...both.flatMap((value) => ['Authorization', value])]
      const sent = request({ hostname, port, path: '/api/v1/keys', headers }).end()
      const [answer] = (await once(sent, 'response')) as [IncomingMessage]
      answer.resume()
      expect(answer.statusCode).toBe(401)
    }
  })

  test('another Host or Origin is refused before that', async () => {
    const { url } = await openAdminHouse()
    const headers = { authorization: `Bearer ${ADMIN_SECRET}`, origin: 'https://evil.example' }
    expect((await fetch(`${url}/api/v1/keys`, { headers })).status).toBe(403)
  })
})

test('nothing that can be sent names a server, a command or an address', async () => {
  const { routes } = await openAdminHouse()
  const keys = routes.flatMap(({ body, query }) => [body, query].flatMap((schema) => membersOf(schema)))
  expect(keys.length).toBeGreaterThan(50)
  for (const word of [
    'command',
    'url',
    'env',
    'cwd',
    'transport',
    'headers',
    'servers',
    'mcpServers',
    'path',
    'file',
  ])
    expect(keys).not.toContain(word)
})

/** The names of all members of a schema, as its JSON Schema has them. */
function membersOf(schema: z.ZodType | undefined): string[] {
  if (schema === undefined) return []
  const names: string[] = []
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    const { properties } = value as { properties?: object }
    if (properties !== undefined) names.push(...Object.keys(properties))
    for (const member of Object.values(value)) walk(member)
  }
  walk(schema.toJSONSchema({ io: 'input', unrepresentable: 'any' }))
  return names
}
