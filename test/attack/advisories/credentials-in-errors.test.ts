import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { openHouse, type House } from '../../gateway/open-house.ts'
import { mcpHeaders, rpc } from '../../http/raw-request.ts'
import { CANARIES, expectNone, sightings } from '../../canary.ts'
import { rawAnswer } from './raw-status.ts'
import { ask, listenAdmin, listenWithRoutes, type Listener } from './route-table.ts'
import { serveConfig, startUpstream } from './upstream.ts'

/*
 * LiteLLM#29936: the body of a refusal held credentials. An error says what went wrong, in words of the table, and neither what the gateway sent to a server nor what
 * the caller sent to the gateway. All doors and everything that is written: test/doors-canary.test.ts.
 */

describe('a server that refuses and repeats what it was sent', () => {
  test.each([400, 401, 403, 404, 407, 418, 429, 500, 502, 503])('with status %i', async (status) => {
    let isUp = true
    await using upstream = await startUpstream({
      intercept: ({ headers, path, text }, response) => {
        if (isUp && !text.includes('tools/call')) return false
        const known = JSON.stringify({ headers, path })
        const body =
          status === 400 ? { jsonrpc: '2.0', id: 1, error: { code: -32_000, message: known } } : known
        response
          .writeHead(status, { 'content-type': 'application/json', 'x-known': encodeURIComponent(known) })
          .end(JSON.stringify(body))
        return true
      },
    })
    await using house = await serveConfig({
      servers: {
        alpha: {
          url: `${upstream.url}?api_key=${CANARIES.query}`,
          headers: { Authorization: `Bearer ${CANARIES.header}` },
        },
      },
    })
    for (const path of ['/mcp/classic', '/mcp/s/alpha']) {
      const name = path === '/mcp/s/alpha' ? 'read' : 'alpha__read'
      const { text } = await rpc(house.url + path, 'legacy', 'tools/call', { name, arguments: {} })
      // At the address of one server its own errors are relayed.
      expect(text).toMatch(/upstream_|\[redacted\]/)
      expectNone(path, text)
    }
    isUp = false
    expectNone('servers', JSON.stringify(house.gateway.servers()))
    expect(sightings(JSON.stringify(upstream.seen))).not.toEqual([])
  })
})

describe('the gateway itself', () => {
  let house: House
  let door: Listener
  let admin: Listener

  beforeAll(async () => {
    house = openHouse({ servers: { alpha: { read: {} } }, scripts: false })
    door = await listenWithRoutes(house)
    admin = await listenAdmin()
  })
  afterAll(async () => {
    await admin.close()
    await house.close()
  })

  test.each([
    ['a bearer token', { authorization: `Bearer ${CANARIES.header}` }],
    ['a key', { 'x-api-key': CANARIES.header }],
    ['two that differ', { 'x-api-key': CANARIES.header, 'x-isogate-key': CANARIES.env }],
    ['a password', { authorization: `Basic ${btoa(`me:${CANARIES.password}`)}` }],
    ['something that is no credential', { authorization: CANARIES.header }],
    ['a cookie', { cookie: `session=${CANARIES.header}` }],
  ])('never repeats %s that it refuses', async (_what, headers) => {
    for (const { url, routes } of [door, admin]) {
      for (const route of routes) {
        const answer = await ask(url, route, headers, { token: CANARIES.argument })
        expectNone(
          `${route.method} ${route.path}`,
          `${JSON.stringify([...answer.headers])} ${await answer.text()}`,
        )
      }
    }
  })

  test('never repeats a body that it cannot read', async () => {
    for (const body of [
      `{"token":"${CANARIES.argument}"`,
      `[${CANARIES.argument}]`,
      `"${CANARIES.argument}"`,
    ]) {
      for (const path of ['/mcp', '/mcp/classic', '/v1/tools/alpha/read/call']) {
        const { text } = await rawAnswer(door.url, 'POST', path, mcpHeaders(), body)
        expectNone(path, text)
      }
    }
  })
})
