import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { openHouse, TOKEN, type House } from '../gateway/open-house.ts'
import { eventually } from '../mcp/harness.ts'

let house: House
let url: string
beforeAll(async () => {
  house = openHouse({
    scripts: false,
    config: { virtualServers: { part: { tools: ['alpha.read'] } } },
    servers: {
      alpha: {
        read: {},
        hangs: {
          answer: ({ signal }) =>
            new Promise((_, reject) =>
              signal.addEventListener('abort', () => reject(signal.reason as Error)),
            ),
        },
      },
    },
  })
  ;({ url } = await house.listenHttp())
})
afterAll(() => house.close())

async function connect(path: string): Promise<Client> {
  const client = new Client({ name: 'old', version: '1' })
  const headers = { Authorization: `Bearer ${TOKEN}` }
  await client.connect(new SSEClientTransport(new URL(url + path), { requestInit: { headers } }))
  return client
}

test('a client of 2024-11-05 lists and calls, through the same layers', async () => {
  const client = await connect('/mcp/classic/sse')
  expect((await client.listTools()).tools.map(({ name }) => name)).toContain('alpha__read')
  await client.callTool({ name: 'alpha__read', arguments: {} })
  expect(house.records.at(-1)).toMatchObject({ tool: 'alpha.read', outcome: 'ok', door: 'mcp' })
  await expect(client.callTool({ name: 'alpha__none', arguments: {} })).rejects.toMatchObject({
    code: -32602,
  })
  expect(client.getServerVersion()).toMatchObject({ name: 'isogate' })
  await client.close()
})

test('the other endpoints have one too, and without a token there is none', async () => {
  for (const path of ['/mcp/sse', '/mcp/code/sse', '/mcp/s/alpha/sse']) {
    const client = await connect(path)
    expect((await client.listTools()).tools.length).toBeGreaterThan(0)
    await client.close()
    expect((await fetch(url + path)).status).toBe(401)
    const messages = path.replace(/sse$/, 'messages')
    expect((await fetch(url + messages, { method: 'POST' })).status).toBe(401)
  }
})

test('a virtual server has one, within its scope', async () => {
  const client = await connect('/mcp/v/part/sse')
  expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['alpha__read'])
  await expect(client.callTool({ name: 'alpha__hangs', arguments: {} })).rejects.toMatchObject({
    code: -32602,
  })
  await client.close()
})

test('a call ends when its client goes away', async () => {
  const client = await connect('/mcp/classic/sse')
  const before = house.records.length
  const call = client.callTool({ name: 'alpha__hangs', arguments: {} }).catch(() => 'ended')
  await new Promise((resolve) => setTimeout(resolve, 200))
  await client.close()
  expect(await call).toBe('ended')
  await eventually(() =>
    expect(house.records.slice(before)).toMatchObject([{ tool: 'alpha.hangs', outcome: 'refused' }]),
  )
})

test('a change of the tools is told', async () => {
  const client = await connect('/mcp/classic/sse')
  const told = new Promise<void>((resolve) => {
    client.fallbackNotificationHandler = ({ method }) => {
      if (method === 'notifications/tools/list_changed') resolve()
      return Promise.resolve()
    }
  })
  expect(client.getServerCapabilities()).toMatchObject({ tools: { listChanged: true } })
  house.backends['alpha']?.become({ read: {}, fresh: {} })
  await told
  expect((await client.listTools()).tools.map(({ name }) => name)).toContain('alpha__fresh')
  await client.close()
})
