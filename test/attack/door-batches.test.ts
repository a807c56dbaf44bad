import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'

import { mcpHeaders } from '../http/raw-request.ts'
import { openDoor, type DoorArena } from './door-arena.ts'
import { spoiled, VALID, validRequest } from './door-requests.ts'

let door: DoorArena
beforeAll(async () => {
  door = await openDoor()
})
afterEach(() => door.serves())
afterAll(() => door.close())

const HEADERS = mcpHeaders({ 'mcp-protocol-version': '2025-03-26' })
const INVALID_REQUEST = -32600
const read = (id: unknown, name = 'alpha__read'): object => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, arguments: { id } },
})
const modern = validRequest('modern', 'tools/call', { name: 'alpha__read', arguments: {} })

test.each<[string, unknown[], Readonly<Record<string, string>>]>([
  ['empty', [], HEADERS],
  ['of 101', Array.from({ length: 101 }, (_, id) => read(id)), HEADERS],
  [
    'of 5,000 pings',
    Array.from({ length: 1_500 }, (_, id) => ({ jsonrpc: '2.0', id, method: 'ping' })),
    HEADERS,
  ],
  ['of both eras', [read(1), modern.body], HEADERS],
  ['of the newer era', [modern.body], modern.headers],
  ['with a message that is none', [read(1), 5], HEADERS],
  ['in a batch', [[read(1)]], HEADERS],
  ['with null', [read(1), null], HEADERS],
])('a batch %s is refused and reaches nothing', async (_what, messages, headers) => {
  const { answer, calls } = await door.attack(JSON.stringify(messages), headers)
  expect([answer.status, answer.last.error?.code]).toEqual([400, INVALID_REQUEST])
  expect(calls).toEqual([])
})

test('a batch of 100 is answered, each with its own id and its own answer', async () => {
  const { answer, calls } = await door.attack(
    JSON.stringify(Array.from({ length: 100 }, (_, id) => read(id))),
    HEADERS,
  )
  expect(calls).toHaveLength(100)
  const answers = answer.messages.map(({ id, result }) => [id, result?.['content']])
  expect(answers.sort((a, b) => Number(a[0]) - Number(b[0]))).toEqual(
    Array.from({ length: 100 }, (_, id) => [id, [{ type: 'text', text: `{"id":${id}}` }]]),
  )
})

test('a batch of one id, of one tool that is forbidden, and of notifications, is answered in time', async () => {
  await door.attack(JSON.stringify([read(1), read(1), read(1)]), HEADERS)
  const { messages } = (await door.attack(JSON.stringify([read(1), read(2, 'alpha__secret')]), HEADERS))
    .answer
  expect(messages.find(({ id }) => id === 2)?.error).toMatchObject({ data: { code: 'unknown_tool' } })
  const told = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } }
  const { answer } = await door.attack(JSON.stringify([told, told]), HEADERS)
  expect(answer.status).toBe(202)
})

// Source: JSON-RPC 2.0: every request of a batch is answered. A request that is cancelled in its own batch is not.
test('a batch that cancels its own request ends', async () => {
  const cancel = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } }
  await door.attack(JSON.stringify([cancel, read(1), read(2)]), HEADERS)
})

test('any batch of spoiled and good messages', async () => {
  const batch = fc.array(
    fc.oneof(
      spoiled(VALID).map(({ body }) => body),
      fc.constantFrom(...VALID).map(({ body }) => JSON.stringify(body)),
      fc.constantFrom(
        'null',
        '[]',
        '{}',
        '{"jsonrpc":"2.0","id":9,"result":{}}',
        '{"jsonrpc":"2.0","method":"x"}',
      ),
    ),
    { maxLength: 6 },
  )
  await fc.assert(
    fc.asyncProperty(batch, async (messages) => {
      await door.attack(`[${messages.join(',')}]`, HEADERS)
    }),
    { numRuns: 300, interruptAfterTimeLimit: 20_000 },
  )
})
