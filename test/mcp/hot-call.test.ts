import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { ERAS, post, rpcRequest, type Era } from '../http/raw-request.ts'
import { openHouse, type House } from '../gateway/open-house.ts'
import { readHotCall } from '../../src/mcp/door/hot/call.ts'
import type { Json, JsonObject } from '../../src/core/json.ts'

let house: House
let url: string

beforeAll(async () => {
  const fails = { answer: () => ({ content: [{ type: 'text', text: 'no' }], isError: true }) }
  house = openHouse({ servers: { alpha: { read: {}, fails } } })
  ;({ url } = await house.listenHttp())
})
afterAll(() => house.close())

const PARAMS = { name: 'alpha__read', arguments: { text: 'ü' } }

function requestOf(
  era: Era,
  params: Readonly<Record<string, unknown>> = PARAMS,
): { headers: Record<string, string>; body: JsonObject } {
  const { headers, body } = rpcRequest(era, 'tools/call', params)
  const lower = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  )
  return { headers: lower, body: JSON.parse(body) as JsonObject }
}

describe.each(ERAS)('a call of the %s era', (era) => {
  test('that is plain is hot', () => {
    const { headers, body } = requestOf(era)
    expect(readHotCall(headers, body)).toMatchObject({ id: 1, era, params: { name: 'alpha__read' } })
  })

  test.each<
    [
      string,
      (request: ReturnType<typeof requestOf>) => { headers: Record<string, string | undefined>; body: Json },
    ]
  >([
    ['another method', ({ headers, body }) => ({ headers, body: { ...body, method: 'tools/list' } })],
    ['no id', ({ headers, body: { id: _id, ...body } }) => ({ headers, body })],
    ['an id that is no id', ({ headers, body }) => ({ headers, body: { ...body, id: 1.5 } })],
    ['another member', ({ headers, body }) => ({ headers, body: { ...body, extra: 1 } })],
    [
      'another parameter',
      ({ headers, body }) => ({
        headers,
        body: { ...body, params: { ...(body['params'] as JsonObject), task: {} } },
      }),
    ],
    ['a batch', ({ headers, body }) => ({ headers, body: [body] })],
    [
      'no wish for JSON',
      ({ headers, body }) => ({ headers: { ...headers, accept: 'text/event-stream' }, body }),
    ],
    [
      'an unknown version',
      ({ headers, body }) => ({ headers: { ...headers, 'mcp-protocol-version': '2099-01-01' }, body }),
    ],
    [
      'a header that names another tool',
      ({ headers, body }) => ({
        headers: { ...headers, 'mcp-method': 'tools/call', 'mcp-name': 'other' },
        body,
      }),
    ],
    [
      'a wish for progress',
      ({ headers, body }) => {
        const params = body['params'] as JsonObject
        return {
          headers,
          body: {
            ...body,
            params: {
              ...params,
              _meta: { ...(params['_meta'] as JsonObject | undefined), progressToken: 1 },
            },
          },
        }
      },
    ],
  ])('with %s is not hot', (_what, change) => {
    const { headers, body } = change(requestOf(era))
    expect(readHotCall(headers, body)).toBeUndefined()
  })

  test.each(['alpha__read', 'alpha__fails', 'alpha__none'])(
    '%s is answered alike on both ways',
    async (name) => {
      const { headers, body } = rpcRequest(era, 'tools/call', { name, arguments: {} })
      const hot = await post(url + '/mcp/classic', body, headers)
      // A parameter more, and the SDK takes it; it means nothing to either.
      const parsed = JSON.parse(body) as { params: object }
      const slow = await post(
        url + '/mcp/classic',
        JSON.stringify({ ...parsed, params: { ...parsed.params, unused: 1 } }),
        headers,
      )
      expect(hot.status).toBe(slow.status)
      expect(hot.last).toEqual(slow.last)
    },
  )
})
