import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { openHouse, TOKEN, type House } from '../../gateway/open-house.ts'
import { ADMIN_TOKEN, ask, listenAdmin, listenWithRoutes, OPEN_PATHS, type Listener } from './route-table.ts'

/*
 * CVE-2026-33032 (nginx-ui): the MCP endpoint was left out of what the authentication looks at. Every route that the code knows answers 401
 * without a credential, unless it is in the short list of those that are open; a new route is in the table by itself.
 */

let house: House
let door: Listener
let admin: Awaited<ReturnType<typeof listenAdmin>>

beforeAll(async () => {
  house = openHouse({ servers: { alpha: { read: {} } }, scripts: false })
  door = await listenWithRoutes(house)
  admin = await listenAdmin()
})
afterAll(async () => {
  await admin.close()
  await house.close()
})

const NOBODY: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'no credential': {},
  'an empty credential': { authorization: 'Bearer ' },
  'a wrong one': { authorization: 'Bearer isg_some-other-token' },
  'a wrong key': { 'x-api-key': 'isk_some-other-key' },
  'a user and a password': { authorization: `Basic ${btoa(`token:${TOKEN}`)}` },
  'the right one in a cookie': { cookie: `token=${TOKEN}; authorization=Bearer ${TOKEN}` },
  'the word of a proxy': {
    'x-forwarded-user': 'admin',
    'x-authenticated': 'true',
    'x-forwarded-for': '127.0.0.1',
  },
}

test('the table is that of the code', () => {
  const paths = door.routes.map(({ path }) => path)
  for (const path of [
    '/mcp',
    '/mcp/code',
    '/mcp/classic',
    '/mcp/s/:name',
    '/mcp/v/:name',
    '/mcp/sse',
    '/health',
  ])
    expect(paths).toContain(path)
  expect(admin.routes.length).toBeGreaterThan(10)
  expect(OPEN_PATHS.toSorted()).toEqual(['/approvals/:id', '/health', '/ready'])
})

describe.each(Object.entries(NOBODY))('with %s', (_what, headers) => {
  test('every route of the door answers 401', async () => {
    for (const route of door.routes.filter(({ path }) => !OPEN_PATHS.includes(path))) {
      const answer = await ask(door.url, route, headers, { jsonrpc: '2.0', id: 1, method: 'tools/list' })
      expect([route, answer.status]).toEqual([route, 401])
      expect(await answer.text()).not.toMatch(/alpha|read/)
    }
    expect(house.backends['alpha']?.calls).toEqual([])
  })

  test('every route of the admin API answers 401', async () => {
    for (const route of admin.routes) {
      const answer = await ask(admin.url, route, headers, {})
      expect([route, answer.status]).toEqual([route, 401])
    }
    expect(admin.reached).toEqual([])
  })
})

test('the admin API takes neither the token of the gateway, nor the gateway that of the administrators', async () => {
  for (const route of admin.routes) {
    const answer = await ask(admin.url, route, { authorization: `Bearer ${TOKEN}` }, {})
    expect([route, answer.status]).toEqual([route, 401])
  }
  expect(admin.reached).toEqual([])
  for (const route of door.routes.filter(({ path }) => !OPEN_PATHS.includes(path))) {
    const answer = await ask(door.url, route, { authorization: `Bearer ${ADMIN_TOKEN}` }, {})
    expect([route, answer.status]).toEqual([route, 401])
  }
})

test('with the right one they are there', async () => {
  for (const route of door.routes.filter(({ method, path }) => method === 'POST' && !path.includes(':')))
    expect((await ask(door.url, route, { authorization: `Bearer ${TOKEN}` }, {})).status).not.toBe(401)
  const list = { method: 'GET', path: '/api/v1/keys' }
  expect((await ask(admin.url, list, { authorization: `Bearer ${ADMIN_TOKEN}` })).status).not.toBe(401)
  expect(admin.reached).not.toEqual([])
})
