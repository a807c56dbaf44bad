import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'

import { expect } from 'vitest'

import type { Call } from '../../src/core/call.ts'
import type { Principal } from '../../src/core/principal.ts'
import { textResult, type Result } from '../../src/core/result.ts'
import { toolKey } from '../../src/core/tool.ts'
import { createListing } from '../../src/gateway/listing/aggregate.ts'
import { createMcpEndpoint } from '../../src/mcp/door/http-door.ts'
import { createTasks } from '../../src/mcp/door/tasks.ts'
import { openHouse, type House } from '../gateway/open-house.ts'
import { readAnswer, rpc, type RawAnswer } from '../http/raw-request.ts'
import { saidCalls } from './door-reference.ts'

/** Whatever is sent: an answer comes within this time. Generous, because the machine may be busy. */
const ANSWER_WITHIN_MS = 10_000

export const DOOR_BODY_BYTES = 65_536

/** Headers as they go over the wire: a list is one header several times. */
export type SentHeaders = Readonly<Record<string, string | readonly string[]>>

/** A gateway whose HTTP door is attacked, and whose one server keeps what reaches it. */
export interface DoorArena {
  readonly house: House
  /** The endpoint in classic mode. */
  readonly url: string
  readonly send: (body: string | Buffer, headers: SentHeaders, url?: string) => Promise<RawAnswer>
  /** Sends, and asserts what holds for every answer to anything. Returns the answer and the calls that it led to. */
  readonly attack: (body: string | Buffer, headers: SentHeaders, url?: string) => Promise<Attacked>
  /** Asserts that honest clients are served and that nothing went wrong inside. */
  readonly serves: () => Promise<void>
  readonly close: () => Promise<void>
}

export interface Attacked {
  readonly answer: RawAnswer
  readonly calls: readonly Call[]
}

const REGION = {
  type: 'object',
  properties: {
    region: { type: 'string', 'x-mcp-header': 'Region' },
    count: { type: 'integer', 'x-mcp-header': 'Count' },
    isOn: { type: 'boolean', 'x-mcp-header': 'On' },
    inner: { type: 'object', properties: { zone: { type: 'string', 'x-mcp-header': 'Zone' } } },
  },
} as const

/** A name that is itself an encoded header value: decoded it is `read`. */
export const ENCODED_NAME = '=?base64?cmVhZA==?='

const asks = async (call: Call): Promise<Result> => {
  const params = { message: 'Sure?', requestedSchema: { type: 'object', properties: {} } }
  const answers = await call.client?.ask({ sure: { method: 'elicitation/create', params } })
  return textResult(JSON.stringify({ answers, args: call.args }))
}

/** Opens the gateway. */
export async function openDoor(): Promise<DoorArena> {
  const house = openHouse({
    servers: {
      alpha: {
        read: { answer: ({ args }) => textResult(JSON.stringify(args).slice(0, 1_000)) },
        write: {},
        secret: {},
        asks: { answer: asks },
        marked: { inputSchema: REGION },
        [ENCODED_NAME]: {},
      },
    },
    serverConfig: { alpha: { tools: { deny: ['secret'] } } },
    config: { http: { port: 0, maxBodyBytes: DOOR_BODY_BYTES } },
    scripts: false,
  })
  const { url: origin } = await house.listenHttp()
  const url = `${origin}/mcp/classic`
  const reached = (): readonly Call[] => house.backends['alpha']?.calls ?? []

  async function attack(body: string | Buffer, headers: SentHeaders, to = url): Promise<Attacked> {
    const before = reached().length
    const answer = await send(body, headers, to)
    const calls = reached().slice(before)
    expectProper(answer)
    // What reached the server is what the body says, or nothing.
    const said = saidCalls(body).map(({ name, args }) => `${name} ${args}`)
    for (const { tool, args } of calls) {
      expect(said, 'the call that reached the server').toContain(`${tool.name} ${JSON.stringify(args)}`)
    }
    expect(calls.length).toBeLessThanOrEqual(said.length)
    expect(calls.map(({ tool }) => tool.name)).not.toContain('secret')
    return { answer, calls }
  }

  return {
    house,
    url,
    send: (body, headers, to = url) => send(body, headers, to),
    attack,
    async serves() {
      for (const era of ['legacy', 'modern'] as const) {
        const { last } = await rpc(url, era, 'tools/call', { name: 'alpha__read', arguments: { a: 1 } })
        expect(last.result).toMatchObject({ content: [{ type: 'text', text: '{"a":1}' }] })
      }
      expect(house.errors).toEqual([])
      expect(house.records.filter(({ code }) => code === 'internal')).toEqual([])
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    },
    close: () => house.close(),
  }
}

/** Every answer is HTTP below 500, and in it JSON-RPC or nothing, and never a fault of the gateway. */
export function expectProper({ status, text, messages }: RawAnswer): void {
  expect(status, text).toBeLessThan(500)
  expect(text).not.toContain('"internal"')
  // Heads that are too large are refused by HTTP itself, in its own words.
  if (status === 202 || status === 431 || text === '') return
  expect(messages.length, text).toBeGreaterThan(0)
  for (const message of messages) {
    expect(message).toMatchObject({ jsonrpc: '2.0' })
    if (message.error !== undefined) {
      expect(Number.isSafeInteger(message.error.code)).toBe(true)
      expect(typeof message.error.message).toBe('string')
    }
  }
}

/** Sends bytes with these headers and no others but what HTTP itself needs. */
function send(body: string | Buffer, headers: SentHeaders, url: string): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const bytes = Buffer.from(body)
    const request = httpRequest(url, {
      method: 'POST',
      agent: false,
      headers: { 'content-length': bytes.length, ...(headers as Record<string, string | string[]>) },
    })
    const timer = setTimeout(
      () => request.destroy(new Error('There was no answer in time.')),
      ANSWER_WITHIN_MS,
    )
    request.once('close', () => clearTimeout(timer)).once('error', reject)
    request.once('response', (response) => {
      let text = ''
      const end = (): void => {
        const init = { status: response.statusCode ?? 0, headers: plain(response.headers) }
        const hasBody = ![204, 304].includes(init.status)
        readAnswer(new Response(hasBody ? text : null, init)).then(resolve, reject)
      }
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
        // A subscription that was granted stays open: it is left.
        if (text.includes('notifications/subscriptions/acknowledged') && text.endsWith('\n\n')) {
          response.destroy()
          end()
        }
      })
      response.once('end', end).once('error', () => {})
    })
    request.end(bytes)
  })
}

function plain(headers: Readonly<Record<string, string | string[] | undefined>>): [string, string][] {
  return Object.entries(headers).map(([name, value]) => [name, String(value)])
}

/** The same gateway behind an endpoint that takes the Authorization for the name of the principal. */
export async function openForPrincipals(
  house: House,
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const { gateway } = house
  const listing = createListing(gateway, 'mcp', () => ({ mode: 'classic', autoThresholdTokens: 1 }))
  const schemaOf = (principal: Principal, name: string) => {
    const tool = listing.resolve(principal, name)
    return tool === undefined ? undefined : gateway.snapshot().catalog.get(toolKey(tool))?.inputSchema
  }
  const endpoint = createMcpEndpoint({
    version: '0.0.0',
    handler: gateway.handler,
    listing,
    events: { onChange: gateway.onCatalogChange, onResourceUpdated: gateway.onResourceUpdated },
    tasks: createTasks(),
    newId: randomUUID,
    maxBodyBytes: DOOR_BODY_BYTES,
    schemaOf,
  })
  const http = createServer((request, response) => {
    const principal = { id: request.headers.authorization ?? 'nobody', kind: 'token' as const }
    endpoint.handle(request, response, principal).catch(() => response.destroy())
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/`,
    async close() {
      await endpoint.close()
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
    },
  }
}
