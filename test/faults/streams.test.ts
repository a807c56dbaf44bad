import type { IncomingMessage, ServerResponse } from 'node:http'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { sendJson, startHttp, type HttpFixture } from '../fixtures/servers/http.ts'
import { endOf, faulty, openFaulty, type FaultyHouse } from './faulty-house.ts'

const CALL_MS = 3_000
const SECRET = 'a-credential-of-the-server'

/** What a server does with a call, and with each request that takes its stream up again. */
interface Behaviour {
  readonly call: (response: ServerResponse, id: unknown) => void
  readonly resume?: (response: ServerResponse, id: unknown, lastEventId: string, times: number) => void
}

let server: HttpFixture
let house: FaultyHouse
/** Requests of calls, and of taking up, by the name of the tool. */
let seen: { name: string; id: unknown; lastEventId?: string }[]

const stream = (response: ServerResponse, text: string): ServerResponse => {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write(text)
  return response
}
const message = (body: object): string => `data: ${JSON.stringify({ jsonrpc: '2.0', ...body })}\n\n`
const answer = (id: unknown, text = 'at last'): string =>
  message({ id, result: { content: [{ type: 'text', text }] } })
const notice = message({ method: 'notifications/message', params: { level: 'info', data: 'x' } })

const BEHAVIOURS: Readonly<Record<string, Behaviour>> = {
  resumed: {
    call: (response) => void stream(response, 'retry: 100\nid: 1\ndata: \n\n').end(),
    resume: (response, id) => void stream(response, answer(id)).end(),
  },
  resumed_after_break: {
    call: (response) => {
      stream(response, `retry: 100\nid: 1\n${notice}id: 2\ndata: {"jsonrpc":"2.0","id`)
      setTimeout(() => response.destroy(), 50)
    },
    resume: (response, id, lastEventId) => void stream(response, answer(id, `after ${lastEventId}`)).end(),
  },
  cut_without_ids: {
    call: (response) => {
      stream(response, `${notice}data: {"jsonrpc":"2.0","id`)
      setTimeout(() => response.destroy(), 50)
    },
  },
  ended_without_ids: { call: (response) => void stream(response, notice).end() },
  never: {
    call: (response) => void stream(response, 'retry: 1\nid: 1\ndata: \n\n').end(),
    resume: (response) => void stream(response, ': nothing\n\n').end(),
  },
  forgotten: {
    call: (response) => void stream(response, 'retry: 1\nid: 1\ndata: \n\n').end(),
    resume: (response) => void response.writeHead(404).end('no such event'),
  },
  for_ever: {
    call: (response) => void stream(response, 'retry: 0\nid: 1\ndata: \n\n').end(),
    resume: (response, _id, _last, times) => void stream(response, `id: ${times + 1}\n${notice}`).end(),
  },
  patient: { call: (response) => void stream(response, 'retry: 999999999999\nid: 1\ndata: \n\n').end() },
  strange_id: {
    call: (response) => void stream(response, 'retry: 1\nid: \u2603\u0001\ndata: \n\n').end(),
    resume: (response) => void response.writeHead(404).end(),
  },
  anothers: { call: (response) => void stream(response, answer(1) + answer(null) + answer('1000000')).end() },
  twice: { call: (response, id) => void stream(response, answer(id, 'first') + answer(id, 'second')).end() },
  unauthorized: {
    call: (response) =>
      void response.writeHead(401, { 'www-authenticate': `Bearer error="${SECRET}"` }).end(SECRET),
  },
  rate: { call: (response) => void response.writeHead(429, { 'retry-after': '30' }).end() },
}

function handle(request: IncomingMessage, response: ServerResponse, body: unknown): void {
  if (request.method === 'GET') {
    const lastEventId = request.headers['last-event-id']
    const [of] = seen.filter(({ lastEventId: last }) => last === undefined).slice(-1)
    if (typeof lastEventId !== 'string' || of === undefined) return void response.writeHead(405).end()
    const times =
      seen.filter(({ name, lastEventId: last }) => name === of.name && last !== undefined).length + 1
    seen.push({ ...of, lastEventId })
    return BEHAVIOURS[of.name]?.resume?.(response, of.id, lastEventId, times)
  }
  const {
    id,
    method,
    params = {},
  } = body as { id?: unknown; method: string; params?: Record<string, unknown> }
  if (id === undefined) return void response.writeHead(202).end()
  const result = (value: object): void => sendJson(response, 200, { jsonrpc: '2.0', id, result: value })
  if (method === 'initialize') {
    const serverInfo = { name: 'raw', version: '1' }
    return result({ protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo })
  }
  if (method === 'tools/list') {
    const tools = Object.keys(BEHAVIOURS).map((name) => ({ name, inputSchema: { type: 'object' } }))
    return result({ tools })
  }
  if (method !== 'tools/call') {
    return sendJson(response, 200, {
      jsonrpc: '2.0',
      id,
      error: { code: -32601, message: 'Method not found' },
    })
  }
  const name = String(params['name'])
  seen.push({ name, id })
  BEHAVIOURS[name]?.call(response, id)
}

beforeEach(async () => {
  seen = []
  server = await startHttp(handle)
  const headers = { authorization: `Bearer ${SECRET}` }
  house = await openFaulty({
    web: { url: server.url, headers, timeouts: { callMs: CALL_MS } },
    good: faulty(),
  })
})
afterEach(async () => {
  await house.close()
  await server.close()
})

describe('a server that ends its event stream before the answer', () => {
  test('with ids: the stream is taken up behind the last whole event, and the call is answered', async () => {
    expect(endOf(await house.call('web__resumed')).text).toBe('at last')
    expect(endOf(await house.call('web__resumed_after_break')).text).toBe('after 1')
    expect(seen.filter(({ lastEventId }) => lastEventId !== undefined)).toHaveLength(2)
  })

  test.each(['cut_without_ids', 'ended_without_ids', 'never', 'forgotten', 'strange_id'])(
    '%s: the call fails, is not made twice, and a neighbour is served meanwhile',
    async (name) => {
      const call = house.call(`web__${name}`)
      expect(endOf(await house.call('good__ok')).text).toBe('ok')
      expect(endOf(await call).code).toMatch(/^upstream_(?:closed|failed|invalid)$/)
      expect(seen.filter(({ lastEventId }) => lastEventId === undefined)).toHaveLength(1)
      expect(seen.length).toBeLessThan(10)
    },
  )

  test.each(['for_ever', 'patient'])(
    '%s: the call ends with its time, and nothing is asked after it',
    async (name) => {
      expect(endOf(await house.call(`web__${name}`)).code).toBe('call_timeout')
      const asked = seen.length
      expect(asked).toBeLessThan(60)
      await new Promise((resolve) => setTimeout(resolve, 500))
      expect(seen.length).toBeLessThanOrEqual(asked + 1)
    },
  )
})

test('answers that belong to nobody are no answers, and a second one is none', async () => {
  expect(endOf(await house.call('web__anothers')).code).toBe('upstream_closed')
  expect(endOf(await house.call('web__twice')).text).toBe('first')
})

test.each([
  // Refused before the tool was reached: tried once more over a new connection.
  ['unauthorized', 'upstream_unavailable', 2],
  ['rate', 'upstream_unavailable', 1],
] as const)(
  '%s in the middle of a session: %s, without a credential, after %i requests',
  async (name, code, requests) => {
    const failed = await house.call(`web__${name}`)
    expect(endOf(failed).code).toBe(code)
    expect(failed.text).not.toContain(SECRET)
    expect(seen).toHaveLength(requests)
    expect(endOf(await house.call('web__resumed')).text).toBe('at last')
  },
)
