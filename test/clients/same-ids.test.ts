import { setImmediate as nextTurn } from 'node:timers/promises'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { Call } from '../../src/core/call.ts'
import { textResult, type Result } from '../../src/core/result.ts'
import { openHouse, type House } from '../gateway/open-house.ts'
import { ERAS, rpc } from '../http/raw-request.ts'

const CLIENTS = 24

let house: House
let url: string
/** Calls that have come and wait for the others, so that all are in flight together. */
const waiting: { readonly call: Call; readonly answer: (result: Result) => void }[] = []

beforeAll(async () => {
  house = openHouse({
    scripts: false,
    servers: {
      alpha: {
        whoami: {
          answer: (call) => new Promise<Result>((answer) => waiting.push({ call, answer })),
        },
      },
    },
    serverConfig: { alpha: { limits: { concurrency: CLIENTS } } },
  })
  url = `${(await house.listenHttp()).url}/mcp/classic`
})
afterAll(() => house.close())

describe.each(ERAS)('clients of the %s era that all use the JSON-RPC id 1 at the same time', (era) => {
  test('each get their own answer and their own progress', async () => {
    const answers = Array.from({ length: CLIENTS }, (_, client) =>
      rpc(url, era, 'tools/call', {
        name: 'alpha__whoami',
        arguments: { client },
        _meta: { progressToken: 1 },
      }),
    )
    while (waiting.length < CLIENTS) await nextTurn()
    // Answered in the opposite order of their coming.
    for (const { call, answer } of waiting.splice(0).toReversed()) {
      const client = Number(call.args['client'])
      call.onProgress?.({ progress: client })
      answer(textResult(`you are ${client}`))
    }
    for (const [client, { messages }] of (await Promise.all(answers)).entries()) {
      expect(messages).toMatchObject([
        { method: 'notifications/progress', params: { progressToken: 1, progress: client } },
        { id: 1, result: { content: [{ text: `you are ${client}` }] } },
      ])
    }
    const ids = house.records.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })
})
