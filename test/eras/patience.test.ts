import { setTimeout as sleep } from 'node:timers/promises'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { AnswerTo, EraClient } from './client.ts'
import { connectFirst } from './first-client.ts'
import { openEraHouse, SERVERS, until, type EraHouse } from './house.ts'
import { connect, SINGLE, type Kind, type ServerClient } from './places.ts'
import { connectSecond } from './second-client.ts'

const CALL_MS = 700
const WALL_MS = 1_200
const THINKING_MS = 1_500

let house: EraHouse
beforeAll(async () => {
  house = await openEraHouse({
    serverConfig: { timeouts: { callMs: CALL_MS } },
    // What a script may pass is the business of others: the tools of this house take what their schemas do not name.
    config: { sandbox: { limits: { wallMs: WALL_MS } }, codeMode: { check: 'off' } },
  })
})
afterAll(() => house.close())

const form = {
  method: 'elicitation/create',
  params: {
    mode: 'form',
    message: 'Who?',
    requestedSchema: { type: 'object', properties: { name: { type: 'string' } } },
  },
}

/** Thinks for longer than a call may take. */
const slowly: AnswerTo = async () => {
  await sleep(THINKING_MS)
  return { action: 'accept', content: { name: 'Ada' } }
}

/** Until the server has a connection for the client, where it gets one of its own: that takes longer than a call may. */
const warmUp = (client: ServerClient): Promise<void> =>
  until(async () => (await client.call('echo'))['isError'] !== true)

test.each(SINGLE)(
  'the clock of a call stands still while the client thinks: %s',
  async (_title, kind: Kind) => {
    const clients = await Promise.all(
      SERVERS.map((server) => connect(house, kind, server, { answer: slowly })),
    )
    for (const client of clients) await warmUp(client)
    const asked = { rounds: [{ a: form }] }
    const ada = { content: { name: 'Ada' } }
    expect(await Promise.all(clients.map((client) => client.call('ask', asked)))).toMatchObject(
      SERVERS.map(() => ({ structuredContent: { answers: { a: ada } } })),
    )
    // It runs on afterwards.
    const waiting = { rounds: [{ a: form }], next: 'wait' }
    expect(await Promise.all(clients.map((client) => client.call('ask', waiting)))).toMatchObject(
      SERVERS.map(() => ({ isError: true, _meta: { 'isogate/error': { code: 'call_timeout' } } })),
    )
    for (const client of clients) await client.close()
  },
)

// On a pipe nothing says which call asks: the clocks of all of them stand still.
test('the clocks of two calls over one pipe stand still while the client thinks', async () => {
  const client = await connect(house, { sdk: 1, at: 'single' }, 'legacyStdio', { answer: slowly })
  try {
    await warmUp(client)
    const calls = [1, 2].map(() => client.call('ask', { rounds: [{ a: form }] }))
    expect((await Promise.all(calls)).map(({ isError }) => isError ?? false)).toEqual([false, false])
  } finally {
    await client.close()
  }
})

test.each(SERVERS)('a client of SDK 1.x leaves while %s asks it, and the call ends there', async (server) => {
  const { promise: asked, resolve } = Promise.withResolvers<void>()
  const client = await connect(house, { sdk: 1, at: 'single' }, server, {
    answer: () => {
      resolve()
      return new Promise(() => {})
    },
  })
  await warmUp(client)
  const cancelled = await house.count(server, 'cancelled')
  const call = client.call('ask', { rounds: [{ a: form }] })
  call.catch(() => {})
  await asked
  await client.close()
  await expect(call).rejects.toThrow()
  // A server of 2026-07-28 has answered already, and has no call to be ended.
  if (server.startsWith('legacy'))
    await until(async () => (await house.count(server, 'cancelled')) > cancelled)
})

describe.each([
  ['SDK 1.x', connectFirst],
  ['SDK 2.x', connectSecond],
])('a script of %s', (_title, connectTo) => {
  async function runScript(client: EraClient, server: string, tool: string, args: object): Promise<string> {
    const code = `return await tools.${server}.${tool}(${JSON.stringify(args)})`
    return JSON.stringify(await client.request('tools/call', { name: 'run_script', arguments: { code } }))
  }

  test.each(SERVERS)('calls a tool of %s that asks', async (server) => {
    const client = await connectTo({ url: `${house.url}/mcp/code` }, {})
    await until(async () => !(await runScript(client, server, 'echo', {})).includes('"isError":true'))
    expect(await runScript(client, server, 'ask', { rounds: [{ a: form }, { b: form }] })).toContain('Ada')
    expect(client.asked).toMatchObject([form, form])
    await client.close()
  })

  test('waits for a person', async () => {
    const server = 'legacyHttp'
    const client = await connectTo({ url: `${house.url}/mcp/code` }, { answer: slowly })
    try {
      await until(async () => !(await runScript(client, server, 'echo', {})).includes('"isError":true'))
      expect(await runScript(client, server, 'ask', { rounds: [{ a: form }] })).toContain('Ada')
    } finally {
      await client.close()
    }
  })
})
