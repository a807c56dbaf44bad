import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { ERAS, mcpHeaders, post, rpcRequest } from '../http/raw-request.ts'
import { faulty, openFaulty, type FaultyHouse } from './faulty-house.ts'

const CLIENTS = 50
const ROUNDS = 4

let house: FaultyHouse
beforeAll(async () => {
  house = await openFaulty({ real: faulty() })
})
afterAll(() => house.close())

type Ask = (client: number, round: number) => Promise<Awaited<ReturnType<typeof post>>>

/** All clients use the same ids, all at once, and each gets its own answers. */
async function expectOwnAnswers(ask: Ask): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    const answers = await Promise.all(Array.from({ length: CLIENTS }, (_, client) => ask(client, round)))
    for (const [client, { messages }] of answers.entries()) {
      const answered = messages.filter(
        (message) => message.result !== undefined || message.error !== undefined,
      )
      expect(answered).toMatchObject([{ id: 1, result: { structuredContent: { client, round } } }])
    }
  }
}

const call = (client: number, round: number, more: object = {}): Record<string, unknown> => ({
  name: 'real__echo',
  arguments: { client, round },
  ...more,
})

describe.each(ERAS)(`${CLIENTS} clients of the %s era that all use the id 1, without sessions`, (era) => {
  test.each([
    ['on the short way', {}],
    ['on the long way', { _meta: { progressToken: 1 } }],
  ])('%s', async (_what, more) => {
    await expectOwnAnswers((client, round) => {
      const { body, headers } = rpcRequest(era, 'tools/call', call(client, round, more))
      return post(house.url, body, headers)
    })
  })
})

describe(`${CLIENTS} clients with sessions that all use the id 1`, () => {
  test.each([
    ['that cannot be asked', {}, {}],
    ['that can be asked', { elicitation: {}, sampling: {} }, {}],
    ['that want progress', {}, { _meta: { progressToken: 1 } }],
  ])('%s', async (_what, capabilities, more) => {
    const clientInfo = { name: 'raw', version: '1' }
    const params = { protocolVersion: '2025-11-25', capabilities, clientInfo }
    const sessions = await Promise.all(
      Array.from({ length: CLIENTS }, async () => {
        const { headers } = await post(house.url, rpcRequest('legacy', 'initialize', params).body)
        return headers.get('mcp-session-id') ?? ''
      }),
    )
    expect(new Set(sessions).size).toBe(CLIENTS)
    await expectOwnAnswers((client, round) =>
      post(
        house.url,
        rpcRequest('legacy', 'tools/call', call(client, round, more)).body,
        mcpHeaders({ 'mcp-session-id': sessions[client] ?? '', 'mcp-protocol-version': '2025-11-25' }),
      ),
    )
  })
})
