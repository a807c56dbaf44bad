import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { createListing } from '../../src/gateway/listing/aggregate.ts'
import { createMcpEndpoint } from '../../src/mcp/door/http-door.ts'
import { createTasks } from '../../src/mcp/door/tasks.ts'
import { rpcRequest, post, type RawAnswer } from '../http/raw-request.ts'
import { connectFirst } from './first-client.ts'
import { openEraHouse, SERVERS, type EraHouse, type ServerName } from './house.ts'
import { connectSecond } from './second-client.ts'

const EXTENSION = 'io.modelcontextprotocol/tasks'

let house: EraHouse
beforeAll(async () => {
  house = await openEraHouse()
})
afterAll(() => house.close())

/** A request of 2026-07-28 by hand: the SDKs know nothing of tasks. */
function modern(
  url: string,
  method: string,
  params: Record<string, unknown>,
  who = 'one',
): Promise<RawAnswer> {
  const _meta = {
    'io.modelcontextprotocol/clientCapabilities': { elicitation: {}, extensions: { [EXTENSION]: {} } },
  }
  const { body, headers } = rpcRequest('modern', method, { ...params, _meta })
  const { taskId } = params
  return post(url, body, {
    ...headers,
    'x-who': who,
    ...(typeof taskId === 'string' ? { 'mcp-name': taskId } : {}),
  })
}

describe.each(['modernHttp', 'modernStdio'] as const)('a task of %s', (server: ServerName) => {
  test.each(['single', 'classic'])('is asked for, answered and cancelled at its server (%s)', async (at) => {
    const url = house.url + (at === 'single' ? `/mcp/s/${server}` : '/mcp/classic')
    const name = at === 'single' ? 'task' : `${server}__task`
    expect((await modern(url, 'tools/call', { name, arguments: {} })).last.result).toMatchObject({
      resultType: 'task',
      taskId: 'task-1',
      status: 'working',
    })
    const about = { taskId: 'task-1' }
    expect((await modern(url, 'tasks/get', about)).last.result).toMatchObject({
      taskId: 'task-1',
      status: 'working',
      at: server,
    })
    const inputResponses = { q: { action: 'accept', content: { name: 'Ada' } } }
    expect((await modern(url, 'tasks/update', { ...about, inputResponses })).last.result).toMatchObject({
      received: { inputResponses },
      at: server,
    })
    expect((await modern(url, 'tasks/cancel', about)).last.result).toMatchObject({
      status: 'cancelled',
      at: server,
    })
    const unknown = await modern(url, 'tasks/get', { taskId: 'task-2' })
    expect(unknown.last.error).toMatchObject({ code: -32_602, data: { code: 'unknown_task' } })
  })
})

test('a task of a tool whose arguments decide is asked for, answered and cancelled', async () => {
  const rule = { tools: ['modernHttp.task'], verdict: 'deny', when: '!has(args.fits)' }
  const strict = await openEraHouse({ servers: ['modernHttp'], config: { policy: { rules: [rule] } } })
  try {
    const url = `${strict.url}/mcp/classic`
    const name = 'modernHttp__task'
    const refused = await modern(url, 'tools/call', { name, arguments: {} })
    expect(JSON.stringify(refused.last)).toContain('policy_denied')
    expect((await modern(url, 'tools/call', { name, arguments: { fits: true } })).last.result).toMatchObject({
      taskId: 'task-1',
    })
    for (const method of ['tasks/get', 'tasks/update', 'tasks/cancel'])
      expect((await modern(url, method, { taskId: 'task-1' })).last.result).toMatchObject({
        at: 'modernHttp',
      })
  } finally {
    await strict.close()
  }
})

test('a task, and a call that waits for an answer, of another principal are unknown', async () => {
  const { gateway } = house
  const endpoint = createMcpEndpoint({
    version: '0.0.0',
    handler: gateway.handler,
    listing: createListing(gateway, 'mcp', { mode: 'classic', autoThresholdTokens: 0 }),
    events: { onChange: gateway.onCatalogChange, onResourceUpdated: gateway.onResourceUpdated },
    tasks: createTasks(),
    newId: randomUUID,
    maxBodyBytes: 1_000_000,
    schemaOf: () => undefined,
  })
  const server = createServer((request, response) => {
    const id = String(request.headers['x-who'])
    endpoint.handle(request, response, { id, kind: 'token' }).catch(() => void response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  try {
    await modern(url, 'tools/call', { name: 'modernHttp__task', arguments: {} })
    expect((await modern(url, 'tasks/get', { taskId: 'task-1' })).last.result).toMatchObject({
      at: 'modernHttp',
    })
    const foreign = await modern(url, 'tasks/get', { taskId: 'task-1' }, 'other')
    const absent = await modern(url, 'tasks/get', { taskId: 'task-9' }, 'other')
    expect(foreign.last.error).toEqual(absent.last.error)
    expect(foreign.last.error).toMatchObject({ data: { code: 'unknown_task' } })

    const question = {
      method: 'elicitation/create',
      params: { message: 'Who?', requestedSchema: { type: 'object', properties: {} } },
    }
    const call = { name: 'modernHttp__ask', arguments: { rounds: [{ q: question }] } }
    const { requestState } = (await modern(url, 'tools/call', call)).last.result ?? {}
    const inputResponses = { q: { action: 'accept', content: {} } }
    const again = { ...call, requestState, inputResponses }
    expect((await modern(url, 'tools/call', again, 'other')).last.error).toMatchObject({
      data: { code: 'unknown_state' },
    })
    expect((await modern(url, 'tools/call', { ...again, arguments: {} })).last.error).toMatchObject({
      data: { code: 'unknown_state' },
    })
    expect((await modern(url, 'tools/call', again)).last.result).toMatchObject({
      structuredContent: { answers: { q: { action: 'accept' } } },
    })
    // Good for one answer.
    expect((await modern(url, 'tools/call', again)).last.error).toMatchObject({
      data: { code: 'unknown_state' },
    })
  } finally {
    await endpoint.close()
    server.close()
    server.closeAllConnections()
  }
})

describe.each([
  ['SDK 1.x', connectFirst],
  ['SDK 2.x', connectSecond],
])('a request that nobody here knows, of %s', (_title, connectTo) => {
  test.each(SERVERS)('goes to %s and comes back whole', async (server) => {
    const client = await connectTo({ url: `${house.url}/mcp/s/${server}` }, {})
    const params = { deep: { of: [1, null] }, inputResponses: { a: { action: 'decline' } } }
    expect(await client.request('x/unknown', params)).toMatchObject({ received: params, 'x-more': true })
    // SDK 2.x keeps an answer of 404 as a text.
    const refused: unknown = await client.request('x/none').catch((error: unknown) => error)
    expect(String((refused as { code: unknown }).code) + String(refused)).toContain('-32601')
    await client.close()
  })
})

test('a request that nobody here knows is not found at an endpoint of several servers', async () => {
  for (const path of ['/mcp', '/mcp/classic', '/mcp/code']) {
    const answer = await modern(house.url + path, 'x/unknown', {})
    expect([answer.status, answer.last.error?.code]).toEqual([404, -32_601])
  }
  const answer = await modern(`${house.url}/mcp/s/modernHttp`, 'x/none', {})
  expect([answer.status, answer.last.error?.code]).toEqual([404, -32_601])
})
