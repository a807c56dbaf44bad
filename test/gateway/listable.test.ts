import { afterEach, beforeEach, expect, test } from 'vitest'

import { rpc, toolsIn } from '../http/raw-request.ts'
import { openHouse, type House } from './open-house.ts'

let house: House
let url: string
beforeEach(async () => {
  house = openHouse({ servers: { quick: { say: {} }, slow: { think: {} } }, scripts: false })
  ;({ url } = await house.listenHttp())
})
afterEach(() => house.close())

async function listed(): Promise<readonly unknown[]> {
  return toolsIn(await rpc(`${url}/mcp/classic`, 'modern', 'tools/list')).map(({ name }) => name)
}

test('a list waits a moment for a server that has just been started', async () => {
  house.backends['slow']?.become({})
  house.backends['slow']?.turn({ state: 'starting' })
  const list = listed()
  setTimeout(() => {
    house.backends['slow']?.become({ think: {} })
    house.backends['slow']?.turn({ state: 'ready' })
    house.backends['slow']?.settle()
  }, 200)
  expect(await list).toEqual(['quick__say', 'slow__think'])
})

test.each([
  [
    'legacy',
    'initialize',
    { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'c', version: '1' } },
  ],
  ['modern', 'server/discover', {}],
] as const)('so does the handshake of the %s era, which tells what there is', async (era, method, params) => {
  house.backends['slow']?.become({})
  house.backends['slow']?.turn({ state: 'starting' })
  const hello = rpc(`${url}/mcp/code`, era, method, params)
  setTimeout(() => {
    house.backends['slow']?.become({ think: {} })
    house.backends['slow']?.turn({ state: 'ready' })
    house.backends['slow']?.settle()
  }, 200)
  expect((await hello).last.result?.['instructions']).toContain('think')
})

test('a list does not wait longer than a second for it, and later lists do not wait at all', async () => {
  house.backends['slow']?.become({})
  house.backends['slow']?.turn({ state: 'starting' })
  const beganMs = performance.now()
  expect(await listed()).toEqual(['quick__say'])
  const waitedMs = performance.now() - beganMs
  expect(waitedMs).toBeGreaterThan(300)
  expect(waitedMs).toBeLessThan(5_000)
  const times: number[] = []
  for (let index = 0; index < 5; index++) {
    const startedMs = performance.now()
    await listed()
    times.push(performance.now() - startedMs)
  }
  expect(Math.min(...times)).toBeLessThan(waitedMs / 2)
})

test('a server that is down is not waited for', async () => {
  house.backends['slow']?.turn({ state: 'down', reason: 'it has gone' })
  expect(await listed()).toEqual(['quick__say', 'slow__think'])
})

test('what a server had is listed while it is away, marked, and both changes are announced', async () => {
  const changes: boolean[] = []
  house.gateway.onCatalogChange(({ tools }) => changes.push(tools))
  const marks = async (): Promise<readonly unknown[]> =>
    toolsIn(await rpc(`${url}/mcp/classic`, 'modern', 'tools/list')).map(({ _meta }) => _meta)
  expect(await marks()).toEqual([undefined, undefined])
  house.backends['slow']?.turn({ state: 'down', reason: 'it has gone' })
  expect(await marks()).toEqual([undefined, { 'isogate/server': 'down' }])
  expect(changes).toEqual([true])
  house.backends['slow']?.turn({ state: 'ready' })
  expect(await marks()).toEqual([undefined, undefined])
  expect(changes).toEqual([true, true])
})
