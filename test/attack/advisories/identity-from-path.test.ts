import { afterAll, beforeAll, expect, test } from 'vitest'

import { textResult } from '../../../src/core/result.ts'
import { openHouse, TOKEN, type House } from '../../gateway/open-house.ts'
import { ERAS, post, rpcRequest } from '../../http/raw-request.ts'

/*
 * GHSA-wf8q-wvv8-p8jf (MCPHub): who somebody is was read from the path, without a look at the credential, and kept in one place for
 * all requests. Here 200 people call at once and all of them say that they are the first one: each is who their key says.
 */

const PEOPLE = 200
const keyOf = (index: number): string => `isk_key-of-person-${index}-in-a-test`

let house: House
let url: string

beforeAll(async () => {
  house = openHouse({
    scripts: false,
    servers: {
      alpha: {
        who: {
          answer: async ({ principal }) => {
            // Others come in between.
            await new Promise((resolve) => setTimeout(resolve, Math.random() * 20))
            return textResult(`you are ${principal.id}`)
          },
        },
      },
    },
    serverConfig: { alpha: { limits: { concurrency: PEOPLE, queue: PEOPLE } } },
    config: {
      keys: Object.fromEntries(
        Array.from({ length: PEOPLE }, (_each, index) => [`u${index}`, { key: keyOf(index) }]),
      ),
      virtualServers: { u0: { mode: 'classic', tools: ['*'] } },
    },
  })
  ;({ url } = await house.listenHttp())
})
afterAll(() => house.close())

const CLAIM = 'user=u0&username=u0&principal=key:u0&key=u0&as=u0'
const CLAIMS = {
  'x-user': 'u0',
  'x-username': 'u0',
  'x-forwarded-user': 'u0',
  'x-remote-user': 'u0',
  'x-isogate-principal': 'key:u0',
  'x-mcp-user': 'u0',
  cookie: 'user=u0; session=u0',
  from: 'u0',
}
const PATHS = [`/mcp/classic?${CLAIM}`, `/mcp/v/u0?${CLAIM}`, `/mcp/s/alpha?${CLAIM}`]

test('each of 200 who call at once is who their key says, whatever else they say', async () => {
  const before = house.records.length
  const answers = await Promise.all(
    Array.from({ length: PEOPLE }, async (_each, index) => {
      const path = PATHS[index % PATHS.length] ?? ''
      const era = ERAS[index % ERAS.length] ?? 'legacy'
      const name = path.startsWith('/mcp/s/') ? 'who' : 'alpha__who'
      const meta = { user: 'u0', principal: { id: 'key:u0' }, 'io.example/user': 'u0' }
      const { body, headers } = rpcRequest(
        era,
        'tools/call',
        { name, arguments: { user: 'u0' }, _meta: meta },
        1,
      )
      const { authorization: _token, ...others } = headers
      const credential = [
        { authorization: `Bearer ${keyOf(index)}` },
        { 'x-api-key': keyOf(index) },
        { 'x-isogate-key': keyOf(index) },
      ][index % 3]
      return post(url + path, body, { ...others, ...CLAIMS, ...credential })
    }),
  )
  for (const [index, { last }] of answers.entries())
    expect([index, last.result?.['content']]).toEqual([
      index,
      [{ type: 'text', text: `you are key:u${index}` }],
    ])
  const principals = house.records.slice(before).map(({ principal }) => principal)
  expect(principals.toSorted()).toEqual(
    Array.from({ length: PEOPLE }, (_each, index) => `key:u${index}`).toSorted(),
  )
})

test('what names somebody and is no credential lets nobody in', async () => {
  for (const path of ['/mcp', '/u0/mcp', '/u0/sse', '/mcp/u0', ...PATHS]) {
    const { body, headers } = rpcRequest('legacy', 'tools/list')
    const { authorization: _token, ...others } = headers
    expect((await post(url + path, body, { ...others, ...CLAIMS })).status).toBe(401)
  }
})

test('two credentials that are not the same are none', async () => {
  const { body, headers } = rpcRequest('legacy', 'tools/list')
  const { authorization: _token, ...others } = headers
  for (const two of [
    { authorization: `Bearer ${keyOf(1)}`, 'x-api-key': keyOf(2) },
    { authorization: `Bearer ${TOKEN}`, 'x-isogate-key': keyOf(2) },
    { 'x-api-key': keyOf(1), 'x-isogate-key': keyOf(2) },
    { authorization: `Bearer ${keyOf(1)}, Bearer ${keyOf(2)}` },
  ])
    expect((await post(`${url}/mcp/classic`, body, { ...others, ...two })).status).toBe(401)
})
