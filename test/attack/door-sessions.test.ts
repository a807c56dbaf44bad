import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { mcpHeaders, post, rpcRequest } from '../http/raw-request.ts'
import { expectProper, openDoor, openForPrincipals, type DoorArena, type SentHeaders } from './door-arena.ts'

let door: DoorArena
let shared: { readonly url: string; readonly close: () => Promise<void> }
/** A session of alice. */
let session: string

beforeAll(async () => {
  door = await openDoor()
  shared = await openForPrincipals(door.house)
})
beforeEach(async () => {
  session = await begin('alice')
})
afterEach(() => door.serves())
afterAll(async () => {
  await shared.close()
  await door.close()
})

const SESSION_NOT_FOUND = 404
const headersOf = (who: string, more: Readonly<Record<string, string>> = {}): Record<string, string> =>
  mcpHeaders({ authorization: who, 'mcp-protocol-version': '2025-11-25', ...more })
const call = rpcRequest('legacy', 'tools/call', { name: 'alpha__read', arguments: { a: 1 } }).body
const reached = (): number => door.house.backends['alpha']?.calls.length ?? 0

async function begin(who: string): Promise<string> {
  const { body } = rpcRequest('legacy', 'initialize', {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'raw', version: '1' },
  })
  const { headers } = await post(shared.url, body, headersOf(who))
  return headers.get('mcp-session-id') ?? ''
}

test('a session serves the one who began it', async () => {
  const { last } = await post(shared.url, call, headersOf('alice', { 'mcp-session-id': session }))
  expect(last.result).toMatchObject({ content: [{ text: '{"a":1}' }] })
})

describe('a session of another is answered like one that never was', () => {
  test.each(['POST', 'GET', 'DELETE'])('%s', async (method) => {
    const before = reached()
    const answers = await Promise.all(
      [session, crypto.randomUUID()].map(async (id) => {
        const answer = await fetch(shared.url, {
          method,
          headers: headersOf('bob', { 'mcp-session-id': id }),
          ...(method === 'POST' ? { body: call } : {}),
        })
        return [answer.status, await answer.text()]
      }),
    )
    expect(answers[0]).toEqual(answers[1])
    expect(answers[0]?.[0]).toBe(SESSION_NOT_FOUND)
    expect(reached()).toBe(before)
    // And it is still there.
    const { status } = await post(shared.url, call, headersOf('alice', { 'mcp-session-id': session }))
    expect(status).toBe(200)
  })

  test('nor can it be ended by a cancellation of another', async () => {
    const cancel = JSON.stringify({
      jsonrpc: '2.0',
      method: 'notifications/cancelled',
      params: { requestId: 1 },
    })
    const { status } = await post(shared.url, cancel, headersOf('bob', { 'mcp-session-id': session }))
    expect(status).toBe(SESSION_NOT_FOUND)
  })
})

test.each<[string, (id: string) => string | readonly string[]]>([
  ['empty', () => ''],
  ['one too many', (id) => [id, id]],
  ['with another beside it', (id) => [id, 'x']],
  ['of another case', (id) => id.toUpperCase()],
  ['with a space in it', (id) => `${id} x`],
  ['of a prototype', () => '__proto__'],
  ['quoted', (id) => `"${id}"`],
  ['enormous', (id) => id + 'x'.repeat(8_000)],
])('a session id that is %s is none', async (_what, change) => {
  const before = reached()
  const sent: SentHeaders = { ...headersOf('alice'), 'mcp-session-id': change(session) }
  for (const body of [call, '{"jsonrpc":"2.0","method":"notifications/initialized"}']) {
    const answer = await door.send(body, sent, shared.url)
    expectProper(answer)
    expect(answer.status).toBe(SESSION_NOT_FOUND)
  }
  expect(reached()).toBe(before)
})

test('any session id but the right one reaches nothing', async () => {
  const unit = fc.constantFrom(...'0 1 9 a f - , ; " \\ % / \u00e9'.split(' '))
  await fc.assert(
    fc.asyncProperty(fc.string({ unit, maxLength: 60 }), async (id) => {
      const before = reached()
      const answer = await door.send(call, { ...headersOf('alice'), 'mcp-session-id': id }, shared.url)
      expectProper(answer)
      expect([answer.status, reached()]).toEqual([SESSION_NOT_FOUND, before])
    }),
    { numRuns: 200, interruptAfterTimeLimit: 15_000 },
  )
})

test('a session that was ended is none, for plain calls too', async () => {
  const headers = headersOf('alice', { 'mcp-session-id': session })
  expect((await fetch(shared.url, { method: 'DELETE', headers })).status).toBe(200)
  expect((await post(shared.url, call, headers)).status).toBe(SESSION_NOT_FOUND)
})

test('a session is not taken into the newer era, nor from one endpoint to another', async () => {
  const { body, headers } = rpcRequest('modern', 'tools/call', { name: 'alpha__read', arguments: {} })
  // That era has no sessions: the header means nothing in it.
  const { status } = await post(shared.url, body, {
    ...headers,
    authorization: 'bob',
    'mcp-session-id': session,
  })
  expect(status).toBe(200)
  const other = await post(door.url, call, { ...mcpHeaders(), 'mcp-session-id': session })
  expect(other.status).toBe(SESSION_NOT_FOUND)
})

test('a second handshake in a session changes nothing', async () => {
  const { body } = rpcRequest('legacy', 'initialize', {
    protocolVersion: '2025-11-25',
    capabilities: { sampling: {}, elicitation: {} },
    clientInfo: { name: 'raw', version: '1' },
  })
  const headers = headersOf('alice', { 'mcp-session-id': session })
  const answer = await post(shared.url, body, headers)
  expectProper(answer)
  expect(answer.status).toBe(400)
  expect((await post(shared.url, call, headers)).status).toBe(200)
})

test('fifty requests of one session at the same time are each answered with their own', async () => {
  const headers = headersOf('alice', { 'mcp-session-id': session })
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, id) =>
      post(
        shared.url,
        rpcRequest('legacy', 'tools/call', { name: 'alpha__read', arguments: { id } }, id).body,
        headers,
      ),
    ),
  )
  for (const [id, { last }] of answers.entries()) {
    expect(last).toMatchObject({ id, result: { content: [{ text: `{"id":${id}}` }] } })
  }
})
