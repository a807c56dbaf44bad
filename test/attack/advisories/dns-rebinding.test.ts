import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { openHouse, TOKEN, type House } from '../../gateway/open-house.ts'
import { rawAnswer, rawStatus } from './raw-status.ts'
import { ADMIN_TOKEN, filled, listenAdmin, listenWithRoutes, type Listener } from './route-table.ts'

/*
 * CVE-2025-64443 (Docker mcp-gateway): a web page that makes its own name lead to 127.0.0.1 could call tools. Every route of every
 * listener looks at Host and Origin before anything else, whoever asks, and none tells a browser that it may read.
 */

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

const PAGES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'a page whose name leads here': { host: 'attacker.example' },
  'one with our port': { host: 'attacker.example:7333' },
  'one that looks like us': { host: '127.0.0.1.nip.io' },
  'any page': { origin: 'https://attacker.example' },
  'a page without a place': { origin: 'null' },
  'a file': { origin: 'file://' },
  'one that begins like us': { origin: 'http://localhost.attacker.example' },
  'an extension': { origin: 'chrome-extension://abcdefgh' },
}

describe.each(Object.entries(PAGES))('%s', (_what, headers) => {
  test.each(['the door', 'the admin API'])('gets nothing of %s, with the token or without', async (which) => {
    const { url, routes } = which === 'the door' ? door : admin
    const token = { authorization: `Bearer ${which === 'the door' ? TOKEN : ADMIN_TOKEN}` }
    for (const { method, path } of routes) {
      for (const credential of [token, {}]) {
        const { status, text } = await rawAnswer(url, method, filled(path), { ...headers, ...credential })
        expect([method, path, status]).toEqual([method, path, 403])
        expect(text).toMatch(/forbidden_(?:host|origin)/)
      }
    }
    expect(house.backends['alpha']?.calls).toEqual([])
  })
})

test('no preflight is answered in a way that lets a page go on', async () => {
  for (const { url, routes } of [door, admin]) {
    for (const path of new Set(routes.map((route) => filled(route.path)))) {
      const headers = {
        origin: 'http://localhost:3000',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization, content-type',
      }
      const answer = await fetch(url + path, { method: 'OPTIONS', headers })
      expect([path, answer.status]).not.toEqual([path, 204])
      expect([path, answer.headers.get('access-control-allow-origin')]).toEqual([path, null])
      await answer.body?.cancel()
    }
  }
})

test('a program on this machine still has to show the token', async () => {
  expect(await rawStatus(door.url, 'POST', '/mcp', { host: 'localhost' })).toBe(401)
  expect(await rawStatus(admin.url, 'GET', '/api/v1/keys', { host: 'localhost' })).toBe(401)
})
