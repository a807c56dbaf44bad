import { connect } from 'node:net'

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'

import { textResult } from '../../src/core/result.ts'
import { openHouse, TOKEN, type House } from '../gateway/open-house.ts'
import { ERAS, mcpHeaders, post, rpc, rpcRequest, type Era, type RawAnswer } from './raw-request.ts'

const MAX_BODY_BYTES = 65_536

let house: House
let url: string

beforeAll(async () => {
  house = openHouse({
    servers: {
      alpha: {
        allowed: { answer: ({ args }) => textResult(JSON.stringify(args).slice(0, 100)) },
        secret: {},
      },
    },
    serverConfig: { alpha: { tools: { deny: ['secret'] } } },
    config: { http: { port: 0, maxBodyBytes: MAX_BODY_BYTES }, mode: 'classic' },
    scripts: false,
  })
  url = `${(await house.listenHttp()).url}/mcp`
})
afterAll(() => house.close())

const reachedSecret = (): boolean =>
  (house.backends['alpha']?.calls ?? []).some(({ tool }) => tool.name === 'secret')

// Whatever came before: the server still serves, nothing went wrong inside, and nothing forbidden was reached.
afterEach(async () => {
  for (const era of ERAS) {
    const { last } = await rpc(url, era, 'tools/call', { name: 'alpha__allowed', arguments: {} })
    expect(last.result).toMatchObject({ content: [{ type: 'text', text: '{}' }] })
  }
  expect(house.errors).toEqual([])
  expect(reachedSecret()).toBe(false)
})

describe.each(ERAS)('a body in the %s era', (era: Era) => {
  const { headers } = rpcRequest(era, 'tools/call', { name: 'alpha__allowed' })

  test.each([
    ['nothing', ''],
    ['a brace', '{'],
    ['a text', 'hello'],
    ['a number', '1'],
    ['null', 'null'],
    ['an empty object', '{}'],
    ['an empty array', '[]'],
    ['an array of arrays', '[[],[]]'],
    ['two messages in a row', '{"jsonrpc":"2.0","id":1,"method":"ping"}{"jsonrpc":"2.0"}'],
    ['another version of JSON-RPC', '{"jsonrpc":"1.0","id":1,"method":"tools/list"}'],
    ['a method that is no text', '{"jsonrpc":"2.0","id":1,"method":{}}'],
    ['an id that is an object', '{"jsonrpc":"2.0","id":{},"method":"tools/list"}'],
    ['broken UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]).toString('latin1')],
    ['arrays 10,000 deep', '['.repeat(10_000) + ']'.repeat(10_000)],
  ])('of %s is refused', async (_what, body) => {
    const { status } = await post(url, body, headers)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
  })

  test('with arguments 10,000 deep is answered', async () => {
    const request = rpcRequest(era, 'tools/call', { name: 'alpha__allowed', arguments: { deep: 'DEEP' } })
    const deep = '['.repeat(10_000) + ']'.repeat(10_000)
    const { status } = await post(url, request.body.replace('"DEEP"', deep), request.headers)
    expect(status).toBeLessThan(500)
  })

  test('that is larger than allowed is refused with 413', async () => {
    const request = rpcRequest(era, 'tools/call', {
      name: 'alpha__allowed',
      arguments: { text: 'x'.repeat(MAX_BODY_BYTES) },
    })
    const { status, last } = await post(url, request.body, request.headers)
    expect(status).toBe(413)
    expect(last.error).toMatchObject({ code: -32600, data: { code: 'body_too_large' } })
  })

  test('of another content type is refused', async () => {
    const { body } = rpcRequest(era, 'tools/list')
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
      'application/jsonx',
    ]) {
      const { status } = await post(url, body, { ...headers, 'content-type': type })
      expect([type, status]).toEqual([type, 415])
    }
  })

  test.each([
    ['no name', {}],
    ['a name that is a number', { name: 1 }],
    ['an enormous name', { name: 'x'.repeat(2_000) }],
    ['arguments that are a list', { name: 'alpha__allowed', arguments: [] }],
    ['arguments that are a text', { name: 'alpha__allowed', arguments: 'x' }],
    ['arguments that are null', { name: 'alpha__allowed', arguments: null }],
  ])('that calls with %s is answered with an error', async (_what, params) => {
    const { status, last } = await rpc(url, era, 'tools/call', params)
    expect(status).toBeLessThan(500)
    expect(last.error?.code).toBeLessThan(0)
  })
})

describe('what is checked is what is called', () => {
  const call = (params: string): Promise<RawAnswer> =>
    post(url, `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${params}}`)

  test('a member of another case is no name', async () => {
    const { last } = await call('{"name":"alpha__allowed","Name":"alpha__secret","arguments":{}}')
    expect(last.result).toMatchObject({ content: [{ text: '{}' }] })
    expect(house.backends['alpha']?.calls.at(-1)?.tool.name).toBe('allowed')
  })

  test.each([
    ['a name that is said twice', '{"name":"alpha__allowed","name":"alpha__secret"}'],
    ['a name with an escaped key', '{"name":"alpha__allowed","\\u006eame":"alpha__secret"}'],
    ['only a name of another case', '{"Name":"alpha__allowed"}'],
    ['a name inside __proto__', '{"__proto__":{"name":"alpha__allowed"}}'],
    ['a forbidden name in escapes', '{"name":"alpha__\\u0073ecret"}'],
    ['a forbidden name with a null', '{"name":"alpha__secret\\u0000"}'],
  ])('%s is refused', async (_what, params) => {
    const { last } = await call(params)
    expect(last.error?.code).toBe(-32602)
  })

  test('a header that names another tool than the body is refused', async () => {
    const request = rpcRequest('modern', 'tools/call', { name: 'alpha__secret', arguments: {} })
    const { status } = await post(url, request.body, { ...request.headers, 'mcp-name': 'alpha__allowed' })
    expect(status).toBe(400)
  })

  test('in a batch each message is checked', async () => {
    const message = (id: number, name: string): object => ({
      jsonrpc: '2.0',
      id,
      method: 'tools/call',
      params: { name, arguments: {} },
    })
    const batch = JSON.stringify([message(1, 'alpha__allowed'), message(2, 'alpha__secret')])
    const { messages, status } = await post(url, batch, mcpHeaders({ 'mcp-protocol-version': '2025-03-26' }))
    expect(status).toBe(200)
    expect(messages.find(({ id }) => id === 1)?.result).toMatchObject({ content: [{ text: '{}' }] })
    expect(messages.find(({ id }) => id === 2)?.error).toMatchObject({ data: { code: 'unknown_tool' } })
  })

  test('keys of prototypes stay data', async () => {
    const { last } = await call(
      '{"name":"alpha__allowed","arguments":{"__proto__":{"polluted":1},"constructor":1}}',
    )
    expect(last.result).toMatchObject({
      content: [{ text: '{"__proto__":{"polluted":1},"constructor":1}' }],
    })
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

describe('what is not HTTP', () => {
  test.each([
    ['garbage', 'hello\r\n\r\n'],
    ['no Host', 'GET /health HTTP/1.1\r\n\r\n'],
    [
      'an absolute address of another',
      'GET http://evil.example/health HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n',
    ],
    [
      'a body of two lengths',
      `POST /mcp HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
  ])('%s is refused with a 4xx', async (_what, text) => {
    const { hostname, port } = new URL(url)
    const answer = await new Promise<string>((resolve, reject) => {
      let received = ''
      const socket = connect(Number(port), hostname, () => socket.write(text))
      socket.on('data', (chunk) => (received += chunk.toString('latin1')))
      socket.on('end', () => resolve(received)).on('error', reject)
    })
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /)
  })
})
