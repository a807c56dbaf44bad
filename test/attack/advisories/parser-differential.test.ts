import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { ERAS, post, rpcRequest, type Era } from '../../http/raw-request.ts'
import { serveConfig, startUpstream, tool, type Upstream } from './upstream.ts'

/*
 * GHSA-4gph-2hhr-5mwg (Envoy AI Gateway): `Name` beside `name` was not what the gateway authorised and was what the server ran, because its parser does
 * not look at the case. What is authorised here is what goes over the wire, and nothing goes there that another parser may take for it.
 */

let upstream: Upstream
let house: Awaited<ReturnType<typeof serveConfig>>

beforeAll(async () => {
  const properties = { path: { type: 'string' } }
  const inputSchema = { type: 'object', properties, additionalProperties: true }
  upstream = await startUpstream({ tools: [tool('read', { inputSchema }), tool('secret', { inputSchema })] })
  house = await serveConfig({ servers: { alpha: { url: upstream.url, tools: { deny: ['secret'] } } } })
})
afterAll(async () => {
  await house[Symbol.asyncDispose]()
  await upstream.close()
})

/** Sends a `tools/call` whose parameters are this text, and gives what the upstream got of it. */
async function sent(era: Era, params: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const before = upstream.calls().length
  for (const endpoint of ['/mcp/classic', '/mcp/s/alpha', '/mcp']) {
    const { body, headers } = rpcRequest(era, 'tools/call', { name: 'NAME' })
    const { 'mcp-name': _name, ...others } = headers
    const meta = era === 'modern' ? `,"_meta":${JSON.stringify((JSON.parse(body) as Sent).params._meta)}` : ''
    const text = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{${params}${meta}}}`
    for (const name of era === 'modern' ? ['alpha__read', 'alpha__secret', 'read'] : [''])
      await post(house.url + endpoint, text, name === '' ? headers : { ...others, 'mcp-name': name })
  }
  return upstream.calls().slice(before)
}

interface Sent {
  readonly params: { readonly _meta: object }
}

/** The name by which a parser finds it that does not look at the case, as those of Go and .NET. */
const folded = (name: string): string => name.normalize('NFKC').toLowerCase()

/** What is not the name, to a strict parser, and may be to another one. */
const NAMES: readonly string[] = [
  '"name":"alpha__read","Name":"secret"',
  '"Name":"secret","name":"alpha__read"',
  '"NAME":"secret","name":"alpha__read","nAmE":"secret"',
  '"name":"alpha__secret","name":"alpha__read"',
  '"\\u006eame":"alpha__secret","name":"alpha__read"',
  '"name":"alpha__read","\\u004eame":"secret"',
  '"name":"alpha__read","\\uff4eame":"secret"',
  '"__proto__":{"name":"alpha__secret"},"name":"alpha__read"',
  '"constructor":{"prototype":{"name":"x"}},"name":"alpha__read"',
  '"name":"alpha__read","Arguments":{"path":"/etc/shadow"},"argument\\u017f":{"path":"/etc/shadow"}',
  '"name":"alpha__read","arguments":{"path":"/a"},"ARGUMENTS":{"path":"/etc/shadow"}',
  '"name":"alpha__read","_META":{"x":1},"arguments":{}',
]

describe.each(ERAS)('in the %s era', (era) => {
  test.each(NAMES)('only what was authorised is forwarded: %s', async (params) => {
    const calls = await sent(era, params)
    expect(calls.length).toBeGreaterThan(0)
    for (const call of calls) {
      expect(call['name']).toBe('read')
      const names = Object.keys(call).map(folded)
      expect(names.filter((name) => ['name', 'arguments', '_meta'].includes(name)).toSorted()).toEqual(
        [...new Set(names)].filter((name) => ['name', 'arguments', '_meta'].includes(name)).toSorted(),
      )
      expect(Object.keys(call)).not.toContain('Name')
      expect(JSON.stringify(call)).not.toMatch(/"secret"|shadow/)
    }
  })

  test.each([
    '"name":"alpha__read","name":"alpha__secret"',
    '"name":"alpha__read","\\u006eame":"alpha__secret"',
    '"Name":"alpha__read","name":"alpha__secret"',
    '"name":["alpha__read","alpha__secret"]',
    '"Name":"alpha__read"',
    '"__proto__":{"name":"alpha__read"}',
  ])('what is not allowed, or no name at all, reaches nobody: %s', async (params) => {
    expect(await sent(era, params)).toEqual([])
  })

  test('a member that is unlike all of these is relayed', async () => {
    const [call] = await sent(era, '"name":"alpha__read","task":{"ttl":1}')
    expect(call).toMatchObject({ name: 'read', task: { ttl: 1 } })
  })

  test.each(['"arguments":{"path":"/work","Path":"/etc/shadow"}', '"arguments":{"PATH":"/etc/shadow"}'])(
    'an argument that only another parser takes for one of the schema reaches nobody: %s',
    async (args) => {
      expect(await sent(era, `"name":"alpha__read",${args}`)).toEqual([])
    },
  )

  test('arguments are forwarded as they were looked at', async () => {
    const args = '{"path":"/work","__proto__":{"path":"/etc"},"other":1,"other":2}'
    for (const call of await sent(era, `"name":"alpha__read","arguments":${args}`)) {
      expect(JSON.stringify(call['arguments'])).toBe('{"path":"/work","__proto__":{"path":"/etc"},"other":2}')
    }
  })
})

test('whole messages: the last member of a name counts, as it did when it was looked at', async () => {
  const before = upstream.calls().length
  const bodies = [
    '{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/call","params":{"name":"alpha__secret"}}',
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"alpha__read"},"params":{"name":"alpha__secret"}}',
    '{"jsonrpc":"2.0","id":1,"method":"tools/list","Method":"tools/call","params":{"name":"alpha__secret"}}',
    '{"jsonrpc":"2.0","id":1,"Method":"tools/call","Params":{"name":"alpha__read"}}',
  ]
  for (const body of bodies) await post(`${house.url}/mcp/classic`, body)
  expect(upstream.calls().slice(before)).toEqual([])
})
