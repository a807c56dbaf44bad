import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { openHouse, TOKEN, type House } from '../../gateway/open-house.ts'
import { rpc } from '../../http/raw-request.ts'
import { rawStatus } from './raw-status.ts'
import { ADMIN_TOKEN, ask, filled, listenAdmin, listenWithRoutes, type Listener } from './route-table.ts'

/*
 * CVE-2026-42271 (LiteLLM): "test connection" took a whole server definition from whoever had a key, and ran its command; with a forged
 * `Host` (CVE-2026-48710) nobody even needed a key. Here no route takes a definition of a server, whoever asks.
 */

let folder: string
let marker: string
let house: House
let door: Listener
let admin: Awaited<ReturnType<typeof listenAdmin>>

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'isogate-preview-'))
  marker = join(folder, 'spawned')
  house = openHouse({ servers: { alpha: { read: {} } }, scripts: false })
  door = await listenWithRoutes(house)
  admin = await listenAdmin()
})
afterAll(async () => {
  await admin.close()
  await house.close()
  rmSync(folder, { recursive: true })
})

/** Definitions of a server in the shapes that gateways take. */
function definitions(): readonly object[] {
  const server = { command: 'touch', args: [marker], env: {} }
  const whole = { name: 'beta', id: 'beta', transport: 'stdio', mcp_info: { server_name: 'beta' }, ...server }
  return [whole, { servers: { beta: server } }, { mcpServers: { beta: server } }, { server: whole }, [whole]]
}

/** Where gateways have such a place. */
const FAMOUS = [
  '/mcp-rest/test/connection',
  '/mcp-rest/test/tools/list',
  '/v1/mcp/server',
  '/api/servers',
  '/api/v1/servers',
  '/api/v1/servers/test',
  '/servers/preview',
  '/config',
]

describe.each(['the door', 'the admin API'])('%s', (which) => {
  test('spawns nothing for a definition that somebody sends, whoever it is', async () => {
    const { url, routes } = which === 'the door' ? door : admin
    const paths = [...new Set([...routes.map(({ path }) => path), ...FAMOUS])]
    for (const token of [TOKEN, ADMIN_TOKEN]) {
      for (const path of paths) {
        for (const method of ['POST', 'PUT', 'PATCH']) {
          for (const definition of definitions()) {
            const answer = await ask(url, { method, path }, { authorization: `Bearer ${token}` }, definition)
            await answer.body?.cancel()
          }
        }
      }
    }
    expect(existsSync(marker)).toBe(false)
    expect(house.gateway.servers().map(({ server }) => server)).toEqual(['alpha'])
  })
})

test('no method of the protocol takes one either', async () => {
  for (const method of [
    'servers/add',
    'server/connect',
    'initialize',
    'tools/call',
    'isogate/servers/test',
  ]) {
    for (const definition of definitions().filter((each) => !Array.isArray(each)))
      await rpc(`${door.url}/mcp/classic`, 'legacy', method, definition as Record<string, unknown>)
  }
  expect(existsSync(marker)).toBe(false)
})

test('the schemas of the admin API have no member for a command', async () => {
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}` }
  const text = await (await ask(admin.url, { method: 'GET', path: '/api/v1/openapi.json' }, headers)).text()
  expect(text).toContain('"openapi"')
  expect(JSON.stringify(text.match(/"(?:command|env|cwd|mcpServers|servers)":/g) ?? [])).toBe('[]')
})

describe('a forged Host', () => {
  const FORGED = [
    'evil.example',
    '127.0.0.1@evil.example',
    'localhost.evil.example',
    'localhost/health',
    'localhost?',
  ]

  test('lets nobody in without a credential, and keeps out who has one', async () => {
    for (const { url, routes } of [door, admin]) {
      for (const { method, path } of routes.slice(0, 12)) {
        for (const host of FORGED) {
          const without = await rawStatus(url, method, filled(path), { host })
          expect([path, host, without]).toEqual([path, host, expect.toBeOneOf([400, 401, 403])])
          const token = { authorization: `Bearer ${url === door.url ? TOKEN : ADMIN_TOKEN}` }
          expect([path, host, await rawStatus(url, method, filled(path), { host, ...token })]).toEqual([
            path,
            host,
            expect.toBeOneOf([400, 403]),
          ])
        }
      }
    }
  })

  test('in another header changes nothing', async () => {
    for (const name of ['x-forwarded-host', 'x-original-host', 'forwarded', 'x-host']) {
      const headers = { [name]: 'localhost' }
      expect(await rawStatus(door.url, 'POST', '/mcp', headers)).toBe(401)
    }
  })
})
