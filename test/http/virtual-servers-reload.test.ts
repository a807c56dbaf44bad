import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { housePlan, openHouse, TOKEN, type House, type HouseParts } from '../gateway/open-house.ts'
import { rpc, toolsIn } from './raw-request.ts'

const SERVERS = { alpha: { read: {}, write: {} }, beta: { read: {} } }
const withVirtual = (virtualServers: object, config: object = {}): HouseParts => ({
  servers: SERVERS,
  config: { ...config, virtualServers },
})

let house: House
let url: string
beforeEach(async () => {
  house = openHouse(withVirtual({ part: { tools: ['alpha.*'] } }))
  ;({ url } = await house.listenHttp())
})
afterEach(() => house.close())

const namesAt = async (slug: string): Promise<unknown[]> =>
  toolsIn(await rpc(`${url}/mcp/v/${slug}`, 'modern', 'tools/list')).map(({ name }) => name)

/** A client with a session at a virtual server. */
async function openSession(slug: string): Promise<{ client: Client; changed: Promise<void> }> {
  const client = new Client({ name: 'test', version: '1' })
  const changed = Promise.withResolvers<void>()
  client.setNotificationHandler(ToolListChangedNotificationSchema, () => changed.resolve())
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${url}/mcp/v/${slug}`), {
      requestInit: { headers: { authorization: `Bearer ${TOKEN}` } },
    }),
  )
  return { client, changed: changed.promise }
}

test('one that is added, changed or removed is so at once', async () => {
  expect((await rpc(`${url}/mcp/v/late`, 'modern', 'tools/list')).status).toBe(404)
  const reloaded = await house.gateway.reload(
    housePlan(withVirtual({ part: { tools: ['alpha.read'], mode: 'classic' }, late: { tools: ['beta.*'] } })),
  )
  expect(reloaded).toMatchObject({ applied: true, revision: 2 })
  expect(reloaded.diff.settings).toEqual([
    'virtualServers.part.mode',
    'virtualServers.part.tools',
    'virtualServers.late',
  ])
  expect(await namesAt('part')).toEqual(['alpha__read'])
  expect(await namesAt('late')).toEqual(['beta__read'])
  await house.gateway.reload(housePlan(withVirtual({ late: { tools: ['beta.*'] } })))
  expect((await rpc(`${url}/mcp/v/part`, 'modern', 'tools/list')).status).toBe(404)
  expect(await namesAt('late')).toEqual(['beta__read'])
})

test('a session that is open meets the new scope and hears of it', async () => {
  const { client, changed } = await openSession('part')
  try {
    const write = () => client.callTool({ name: 'alpha__write', arguments: {} })
    expect(await write()).toMatchObject({ content: [{ text: 'write' }] })
    await house.gateway.reload(housePlan(withVirtual({ part: { tools: ['alpha.read', 'beta.read'] } })))
    await changed
    await expect(write()).rejects.toMatchObject({ code: -32602 })
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['alpha__read', 'beta__read'])
    expect(await client.callTool({ name: 'beta__read', arguments: {} })).toMatchObject({
      content: [{ text: 'read' }],
    })
  } finally {
    await client.close()
  }
})

test('a session ends with its virtual server, and one of the same name begins anew', async () => {
  const { client } = await openSession('part')
  await house.gateway.reload(housePlan(withVirtual({})))
  await expect(client.listTools()).rejects.toThrow()
  await house.gateway.reload(housePlan(withVirtual({ part: { tools: ['beta.*'] } })))
  await expect(client.listTools()).rejects.toThrow()
  await client.close().catch(() => {})
  expect(await namesAt('part')).toEqual(['beta__read'])
})

test('a script that runs meets the new scope at its next call', async () => {
  const inside = Promise.withResolvers<void>()
  const letGo = Promise.withResolvers<void>()
  const parts: HouseParts = {
    servers: {
      alpha: {
        wait: {
          answer: async () => {
            inside.resolve()
            await letGo.promise
            return { content: [{ type: 'text', text: 'waited' }] }
          },
        },
        write: {},
      },
    },
    config: { virtualServers: { part: { mode: 'code', tools: ['alpha.*'] } } },
  }
  await using open = openHouse(parts)
  const address = `${(await open.listenHttp()).url}/mcp/v/part`
  const code = `const waited = await tools.alpha.wait({})
    return [waited, await tools.alpha.write({}).catch((error) => error.code)]`
  const running = rpc(address, 'modern', 'tools/call', { name: 'run_script', arguments: { code } })
  await inside.promise
  const narrow = { virtualServers: { part: { mode: 'code', tools: ['alpha.wait'] } } }
  await open.gateway.reload(housePlan({ ...parts, config: narrow }))
  letGo.resolve()
  expect((await running).last.result?.['content']).toMatchObject([{ text: '["waited","unknown_tool"]' }])
})
