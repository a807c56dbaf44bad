import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { textResult } from '../../../src/core/result.ts'
import { openHouse, type House } from '../../gateway/open-house.ts'
import { ERAS, post, rpcRequest } from '../../http/raw-request.ts'
import { openForPrincipals } from '../door-arena.ts'

/*
 * CVE-2026-25536 (the TypeScript SDK): where clients shared a server or a transport, answers were matched by the id of JSON-RPC alone, and two clients
 * that both began with 1 got each other's. Here many clients ask at once, all with the id 1 and the progress token 1, and are answered in another order.
 */

const CLIENTS = 60

let house: House
let door: Awaited<ReturnType<typeof openForPrincipals>>

beforeAll(async () => {
  const waiting: (() => void)[] = []
  house = openHouse({
    scripts: false,
    serverConfig: { alpha: { limits: { concurrency: CLIENTS, queue: CLIENTS } } },
    servers: {
      alpha: {
        who: {
          answer: async ({ principal, args, onProgress }) => {
            onProgress?.({
              progress: 1,
              message: `begun for ${principal.id} with ${JSON.stringify(args['own'])}`,
            })
            await new Promise<void>((resolve) => {
              waiting.push(resolve)
              // The last one to come is answered first.
              if (waiting.length === CLIENTS) for (const each of waiting.splice(0).toReversed()) each()
            })
            onProgress?.({
              progress: 2,
              message: `done for ${principal.id} with ${JSON.stringify(args['own'])}`,
            })
            return textResult(`answer for ${principal.id} with ${JSON.stringify(args['own'])}`)
          },
        },
      },
    },
  })
  door = await openForPrincipals(house)
})
afterAll(async () => {
  await door.close()
  await house.close()
})

describe.each(ERAS)('in the %s era', (era) => {
  test('everybody gets their own answer and their own progress, and nobody else sees it', async () => {
    const answers = await Promise.all(
      Array.from({ length: CLIENTS }, async (_each, index) => {
        const params = {
          name: 'alpha__who',
          arguments: { own: `${era}-${index}` },
          _meta: { progressToken: 1 },
        }
        const { body, headers } = rpcRequest(era, 'tools/call', params, 1)
        return post(door.url, body, { ...headers, authorization: `tenant-${index}` })
      }),
    )
    for (const [index, { text, last, messages }] of answers.entries()) {
      const own = `tenant-${index} with "${era}-${index}"`
      expect(last).toMatchObject({
        id: 1,
        result: { content: [{ type: 'text', text: `answer for ${own}` }] },
      })
      const told = messages.filter(({ method }) => method === 'notifications/progress')
      expect(told.map(({ params }) => params?.['message'])).toEqual([`begun for ${own}`, `done for ${own}`])
      expect(new Set(text.match(/tenant-\d+/g))).toEqual(new Set([`tenant-${index}`]))
    }
    expect(house.errors).toEqual([])
  })
})
