import { isDeepStrictEqual } from 'node:util'

import { classifyInboundRequest } from '@modelcontextprotocol/server'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'

import type { Call } from '../../src/core/call.ts'
import type { JsonObject } from '../../src/core/json.ts'
import { readHotCall, type HotCall } from '../../src/mcp/door/hot/call.ts'
import { ENCODED_NAME, openDoor, type DoorArena } from './door-arena.ts'
import { faultOf } from './door-reference.ts'
import { spoiled, validRequest } from './door-requests.ts'

let door: DoorArena
beforeAll(async () => {
  door = await openDoor()
})
afterEach(() => door.serves())
afterAll(() => door.close())

const BOUND = { numRuns: 2_000, interruptAfterTimeLimit: 20_000 }
const ENVELOPE = 'io.modelcontextprotocol/'

const CALLS = [
  ...(['legacy', 'modern'] as const).flatMap((era) => [
    validRequest(era, 'tools/call', { name: 'alpha__read', arguments: { text: 'ü' } }),
    validRequest(era, 'tools/call', { name: 'alpha__read' }),
    validRequest(era, 'tools/call', { name: ENCODED_NAME, arguments: {} }),
    validRequest(era, 'tools/call', { name: 'alpha__read', _meta: { progressToken: 1 } }),
    validRequest(era, 'tools/call', { name: 'alpha__read', arguments: {}, _meta: { 'example.com/a': 1 } }),
  ]),
  ...[{ description: 'a', websiteUrl: 'https://a.example' }, { icons: [{ src: 'data:,' }] }].map((more) =>
    validRequest('modern', 'tools/call', {
      name: 'alpha__read',
      _meta: { [`${ENVELOPE}clientInfo`]: { name: 'a', version: '1', title: 'A', ...more } },
    }),
  ),
]

const HEADERS = ['mcp-protocol-version', 'mcp-method', 'mcp-name', 'accept', 'mcp-session-id']
const VALUES =
  `2026-07-28|2025-11-25|2025-06-18|2025-03-26|2024-11-05|2099-01-01||1|tools/call|tools/list|TOOLS/CALL
tools/call, tools/call|alpha__read|alpha__write|read|=?base64?YWxwaGFfX3JlYWQ=?=|=?base64?YWxwaGFfX3JlYWQ?=|=?base64?/w==?=
${ENCODED_NAME}|application/json|text/event-stream|*/*|application/json, text/event-stream`.split(/[|\n]/)

/** A header changed, or left out where the value is undefined. */
const header = fc.record({
  name: fc.constantFrom(...HEADERS),
  value: fc.option(fc.constantFrom(...VALUES), { nil: undefined }),
})

const request = fc
  .tuple(spoiled(CALLS), fc.constantFrom(...CALLS), fc.boolean(), fc.array(header, { maxLength: 2 }))
  .map(([bad, good, isSpoiled, changes]) => {
    const { body, headers } = isSpoiled ? bad : { body: JSON.stringify(good.body), headers: good.headers }
    const sent: Record<string, string> = { ...headers }
    for (const { name, value } of changes) {
      if (value === undefined) delete sent[name]
      else sent[name] = value
    }
    return { body, headers: sent }
  })

/** The hot call of a request, and the value of its body; undefined where it is none. */
function readHot(
  body: string,
  headers: Readonly<Record<string, string>>,
): { readonly hot: HotCall; readonly value: JsonObject } | undefined {
  try {
    const value = JSON.parse(body) as JsonObject
    const hot = readHotCall(headers, value)
    return hot === undefined ? undefined : { hot, value }
  } catch {
    return undefined
  }
}

/** How the SDK reads a request. */
function classify(headers: Readonly<Record<string, string>>, body: unknown): object {
  const { 'mcp-protocol-version': version, 'mcp-method': method, 'mcp-name': name } = headers
  return classifyInboundRequest({
    httpMethod: 'POST',
    ...(version === undefined ? {} : { protocolVersionHeader: version }),
    ...(method === undefined ? {} : { mcpMethodHeader: method }),
    ...(name === undefined ? {} : { mcpNameHeader: name }),
    body,
  })
}

const toWire = ({ tool, args }: Call): string => JSON.stringify([tool, args])

describe('a request that is taken for a plain call', () => {
  test('is one by a strict reading of the specification, and says the same', () => {
    fc.assert(
      fc.property(request, ({ body, headers }) => {
        const read = readHot(body, headers)
        if (read === undefined) return
        const { hot, value } = read
        expect(faultOf(headers, value, hot.era)).toBeUndefined()
        const said = value as { id?: unknown; params: { name: unknown } }
        expect([hot.id, hot.name]).toEqual([said.id, said.params.name])
        expect(isDeepStrictEqual(hot.params, said.params)).toBe(true)
      }),
      { ...BOUND, numRuns: 10_000 },
    )
  })

  test('is one by the SDK’s own reading', () => {
    fc.assert(
      fc.property(request, ({ body, headers }) => {
        const read = readHot(body, headers)
        if (read !== undefined) expect(classify(headers, read.value)).toMatchObject({ kind: read.hot.era })
      }),
      { ...BOUND, numRuns: 10_000 },
    )
  })

  // A member more, and it is not hot; it means nothing on either way.
  test('is answered as on the long way', async () => {
    await fc.assert(
      fc.asyncProperty(request, async ({ body, headers }) => {
        const read = readHot(body, headers)
        if (read === undefined) return
        // The long way answers older clients in streams only; that difference is meant.
        const accept = 'application/json, text/event-stream'
        const long = { ...read.value, params: { ...read.hot.params, unused: 1 } }
        const [fast, slow] = [
          await door.attack(body, { ...headers, accept }),
          await door.attack(JSON.stringify(long), { ...headers, accept }),
        ]
        expect([fast.answer.status, fast.answer.last]).toEqual([slow.answer.status, slow.answer.last])
        expect(fast.calls.map(toWire)).toEqual(slow.calls.map(toWire))
      }),
      BOUND,
    )
  })
})

test.each([{ title: 5 }, { icons: 'none' }, { websiteUrl: {} }])(
  'a client that says %j of itself is refused on the short way too',
  async (more) => {
    const info = { name: 'a', version: '1', ...more }
    const { body, headers } = validRequest('modern', 'tools/call', {
      name: 'alpha__read',
      _meta: { [`${ENVELOPE}clientInfo`]: info },
    })
    expect(classify(headers, body)).toMatchObject({ kind: 'reject' })
    const { answer } = await door.attack(JSON.stringify(body), headers)
    expect(answer.status).toBe(400)
  },
)

describe('a name that is itself an encoded name', () => {
  const { body, headers } = validRequest('modern', 'tools/call', { name: ENCODED_NAME, arguments: {} })

  test('is refused where the header repeats it: decoded, the header names another tool', async () => {
    const { answer, calls } = await door.attack(
      JSON.stringify(body),
      headers,
      door.url.replace('classic', 's/alpha'),
    )
    expect(answer.last.error?.code).toBe(-32020)
    expect(calls).toEqual([])
  })

  test('is called where the header encodes it', async () => {
    const encoded = `=?base64?${Buffer.from(ENCODED_NAME).toString('base64')}?=`
    const { calls } = await door.attack(
      JSON.stringify(body),
      { ...headers, 'mcp-name': encoded },
      door.url.replace('classic', 's/alpha'),
    )
    expect(calls.map(({ tool }) => tool.name)).toEqual([ENCODED_NAME])
  })
})
