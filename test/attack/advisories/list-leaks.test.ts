import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { openHouse, type House } from '../../gateway/open-house.ts'
import { mcpHeaders, rpc, rpcRequest } from '../../http/raw-request.ts'
import { rawAnswer } from './raw-status.ts'
import { KEYS, TWO_PEOPLE } from './ways.ts'

/*
 * Kong 3.13.0.1: lists showed tools that the caller was denied, and `..` in a parameter of a path led to another resource. What is listed is what can be called,
 * and a path is compared as it stands: nothing in it is resolved, decoded twice or cut off.
 */

let house: House
let url: string

beforeAll(async () => {
  house = openHouse({ ...TWO_PEOPLE, scripts: false })
  ;({ url } = await house.listenHttp())
})
afterAll(() => house.close())

const headers = { ...mcpHeaders(), authorization: `Bearer ${KEYS.ann}` }
const reachedBeta = (): number => house.backends['beta']?.calls.length ?? 0

/** Ways around in a path. Ann may use Alpha only. */
const PATHS = [
  '/mcp/s/alpha/../beta',
  '/mcp/s/alpha/%2e%2e/beta',
  '/mcp/s/alpha/%2E%2E%2Fbeta',
  '/mcp/s/alpha%2f..%2fbeta',
  '/mcp/s/alpha/..;/beta',
  '/mcp/s/beta;alpha',
  '/mcp/s/alpha;beta',
  '/mcp/s/./beta',
  '/mcp//s/beta',
  '//mcp/s/beta',
  '/mcp/s/beta/',
  '/mcp/s/beta%00',
  '/mcp/s/beta%20',
  '/mcp/s/BETA',
  '/mcp/s/b%65ta',
  '/mcp/s/beta?x=/mcp/s/alpha',
  '/mcp/s/beta#/mcp/s/alpha',
  '/mcp/s/alpha\\..\\beta',
  '/mcp/v/classic/../../s/beta',
  '/mcp/classic/../s/beta',
]

describe.each(PATHS)('%s', (path) => {
  test('shows and reaches nothing of what is denied', async () => {
    const before = reachedBeta()
    for (const method of ['tools/list', 'prompts/list', 'resources/list', 'tools/call']) {
      const { body } = rpcRequest('legacy', method, { name: 'beta-tool', arguments: {} })
      const { text } = await rawAnswer(url, 'POST', path, headers, body)
      // What the caller says is said back.
      if (method !== 'tools/call') expect(text).not.toMatch(/beta-(?:tool|prompt|resource)|use beta/)
    }
    expect(reachedBeta()).toBe(before)
  })
})

const PARTS = [
  'alpha',
  'beta',
  'alpha-tool',
  'beta-tool',
  '..',
  '.',
  '/',
  '\\',
  '%2e%2e',
  '%2f',
  '%252f',
  '__',
  ';',
  '%00',
  '?',
  '#',
]

test('no name and no path of REST that is put together of anything reaches what is denied', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...PARTS), { maxLength: 7 }), async (parts) => {
      const name = parts.join('')
      const before = reachedBeta()
      await rawAnswer(url, 'POST', `/v1/tools/alpha/${name}/call`, headers, '{}')
      await rawAnswer(url, 'POST', `/v1/tools/${name}/beta-tool/call`, headers, '{}')
      const { body } = rpcRequest('legacy', 'tools/call', { name, arguments: {} })
      await rawAnswer(url, 'POST', '/mcp/classic', headers, body)
      expect([name, reachedBeta()]).toEqual([name, before])
    }),
    { numRuns: 60 },
  )
})

test('what is listed can be called, and what can be called is listed, for either of them', async () => {
  for (const [who, own] of [
    ['ann', 'alpha'],
    ['bob', 'beta'],
  ] as const) {
    const as = { authorization: `Bearer ${KEYS[who]}` }
    const { body } = rpcRequest('legacy', 'tools/list')
    const { text } = await rawAnswer(url, 'POST', '/mcp/classic', { ...headers, ...as }, body)
    const listed = [...text.matchAll(/"name":"((?:alpha|beta)__[^"]+)"/g)].map(([, name]) => name)
    expect(listed).toEqual([`${own}__${own}-tool`])
    for (const server of ['alpha', 'beta']) {
      const before = house.backends[server]?.calls.length ?? 0
      const call = rpcRequest('legacy', 'tools/call', { name: `${server}__${server}-tool`, arguments: {} })
      await rawAnswer(url, 'POST', '/mcp/classic', { ...headers, ...as }, call.body)
      expect((house.backends[server]?.calls.length ?? 0) - before).toBe(
        listed.includes(`${server}__${server}-tool`) ? 1 : 0,
      )
    }
  }
  // The one who has the token has both: otherwise nothing here would show anything.
  expect((await rpc(`${url}/mcp/classic`, 'legacy', 'tools/list')).text).toMatch(/alpha-tool.*beta-tool/s)
})
