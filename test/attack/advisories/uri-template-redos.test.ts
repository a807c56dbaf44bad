import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { openHouse, type House } from '../../gateway/open-house.ts'
import { rpc } from '../../http/raw-request.ts'

/*
 * CVE-2026-0621 (the TypeScript SDK): a resource template with an exploded array became a regular expression that took exponentially long for
 * some URIs. Templates, globs, patterns of schemas and names are strangers' texts: what is asked with them costs about as much as its length.
 */

/** Templates whose usual translation has a repetition in a repetition. */
const TEMPLATES = [
  'x://{/id*}',
  'x://{?a*,b*}{&c*}',
  'x://{+path*}/{+path*}/{+path*}end',
  'x://{a*}{b*}{c*}{d*}{e*}!',
]
const URIS = (length: number): readonly string[] => [
  `x://${'/a,'.repeat(length / 3)}`,
  `x://?a=${'1,'.repeat(length / 2)}`,
  `x://${'a'.repeat(length)}`,
  `x://${'a/'.repeat(length / 2)}en`,
]

let house: House
let url: string

beforeAll(async () => {
  house = openHouse({
    scripts: false,
    servers: {
      alpha: {
        read: {
          inputSchema: {
            type: 'object',
            properties: { text: { type: 'string', pattern: '^(a+)+$' }, other: { pattern: '(x*)*y' } },
          },
        },
      },
    },
    serverConfig: { alpha: { resources: { deny: ['x://*a*a*a*a*a*a*a*a*a*a*b', '*/*/*/*/*/*/*/*/*/*!'] } } },
    offers: {
      alpha: {
        prompts: [],
        resources: [{ uri: 'x://one', name: 'one' }],
        templates: TEMPLATES.map((uriTemplate, index) => ({ uriTemplate, name: `t${index}` })),
        capabilities: { resources: {}, completions: {} },
      },
    },
  })
  ;({ url } = await house.listenHttp())
})
afterAll(() => house.close())

/** Processor time of this process for some work, milliseconds. */
async function cost(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}

const SMALL = 6_000
const LARGE = 48_000

describe.each([
  ['resources/read', (uri: string) => ({ uri })],
  [
    'completion/complete',
    (uri: string) => ({ ref: { type: 'ref/resource', uri }, argument: { name: 'a', value: uri } }),
  ],
  ['tools/call', (uri: string) => ({ name: 'alpha__read', arguments: { text: `${uri}!`, other: uri } })],
  ['tools/call', (uri: string) => ({ name: uri, arguments: {} })],
])('%s', (method, paramsOf) => {
  test('costs as much more as the text is longer, not more', async () => {
    const ask = (length: number) => () =>
      Promise.all(URIS(length).map((uri) => rpc(`${url}/mcp/classic`, 'legacy', method, paramsOf(uri))))
    await ask(SMALL)()
    const small = await cost(ask(SMALL))
    const large = await cost(ask(LARGE))
    // Eight times the text: 64 times would be a square, and the attack is far beyond that. Some milliseconds are noise.
    expect(large).toBeLessThan(30 * (small + 10))
  })
})

test('an honest resource is found among them', async () => {
  const { last } = await rpc(`${url}/mcp/classic`, 'legacy', 'resources/templates/list')
  expect(last.result?.['resourceTemplates']).toHaveLength(TEMPLATES.length)
  await rpc(`${url}/mcp/classic`, 'legacy', 'resources/read', { uri: 'x://one' })
  expect(house.backends['alpha']?.calls.at(-1)?.tool).toMatchObject({ name: 'x://one' })
})
