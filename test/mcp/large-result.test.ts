import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { compileConfig } from '../../src/config/compile.ts'
import { CONFIG_SCHEMA, toConfig } from '../../src/config/schema.ts'
import type { Gateway } from '../../src/gateway/gateway.ts'
import type { HttpServer } from '../../src/http/server.ts'
import { servePlan } from '../gateway/serve-plan.ts'
import { ERAS, rpc } from '../http/raw-request.ts'

const MODERN = '2026-07-28'
const CONTENT = [
  { type: 'text', text: `ä€😀 "}],{[\\ ${'x'.repeat(60_000)}`, 'x-unknown': { a: [1] } },
  { type: 'text', text: '{"isError":true}' },
]
const RESULT = {
  content: CONTENT,
  structuredContent: { rows: [{ id: 1, result: { id: 2 } }] },
  'x-more': null,
}

let upstream: Server
let gateway: Gateway
let http: HttpServer
/** What the next call is answered with, beside the result. */
let after = ''

/** A server of 2026-07-28 that writes its answers by hand. */
beforeAll(async () => {
  upstream = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      if (request.method !== 'POST') {
        response.writeHead(405).end()
        return
      }
      const { id, method } = JSON.parse(Buffer.concat(chunks).toString('utf8'))
      const results: Record<string, object> = {
        'server/discover': {
          supportedVersions: [MODERN],
          capabilities: { tools: {} },
          ttlMs: 0,
          cacheScope: 'private',
        },
        'tools/list': {
          tools: [{ name: 'big', inputSchema: { type: 'object' } }],
          ttlMs: 0,
          cacheScope: 'private',
        },
        'tools/call': RESULT,
      }
      const result = JSON.stringify({ ...results[method], resultType: 'complete' })
      const end = method === 'tools/call' ? after : ''
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${result}${end}}`)
    })
  })
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', () => resolve()))
  const url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/mcp`
  const config = CONFIG_SCHEMA.parse({ servers: { s: { url } }, http: { port: 0 } })
  const plan = compileConfig(toConfig(config), '/')
  ;({ gateway, http } = await servePlan(plan))
  expect(gateway.servers()).toMatchObject([{ status: { state: 'ready' }, tools: 1 }])
})
afterAll(async () => {
  await http.close()
  await gateway.close()
  upstream.close()
})

test.each(ERAS)(
  'a large result comes through whole in the %s era, by the short way as by the long',
  async (era) => {
    after = ''
    const path = `${http.url}/mcp/s/s`
    const short = await rpc(path, era, 'tools/call', { name: 'big' }, 'an "id"')
    const long = await rpc(path, era, 'tools/call', { name: 'big', _meta: { progressToken: 1 } }, 'an "id"')
    expect(short.last.error).toBeUndefined()
    expect(short.last.id).toBe('an "id"')
    expect(short.last.result).toMatchObject(RESULT)
    expect(short.last).toEqual(long.last)
    expect('resultType' in (short.last.result ?? {})).toBe(era === 'modern')
  },
)

test.each([',"id":7', ',"result":{"content":[]}', ',"error":{"code":1,"message":"x"}', ',"x":{"a":1}'])(
  'what stands behind a result is not passed on: %s',
  async (tail) => {
    after = tail
    const { text, last } = await rpc(`${http.url}/mcp/s/s`, 'modern', 'tools/call', { name: 'big' }, 5)
    // One reader of JSON takes the first of two members and another the last: there must be one of each.
    expect(text.startsWith('{"jsonrpc":"2.0","id":5,')).toBe(true)
    expect(Object.keys(last).toSorted()).toEqual(['id', 'jsonrpc', 'result'])
    expect(JSON.stringify(last)).toHaveLength(text.length)
    const isWhole = JSON.stringify(last.result).includes(CONTENT[0]?.text.slice(-1_000) ?? '?')
    // The last of two results counts, as it does for JSON.parse; an answer with a strange id is none.
    expect(isWhole).toBe(tail === ',"x":{"a":1}' || tail.startsWith(',"error"'))
  },
)
