import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { expectSteps } from './client.ts'
import { openEraHouse, SERVERS, until, type EraHouse } from './house.ts'
import { connectAll, KINDS, type ServerClient } from './places.ts'

let house: EraHouse
beforeAll(async () => {
  house = await openEraHouse()
})
afterAll(() => house.close())

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

describe.each(Object.entries(KINDS))('%s', (_title, kind) => {
  let all: Awaited<ReturnType<typeof connectAll>>
  beforeAll(async () => {
    all = await connectAll(house, kind)
  })
  afterAll(() => all.close())

  describe.each(SERVERS)('to %s', (server) => {
    const client = (): ServerClient => all.of(server)

    test('a result comes whole, and so do the parameters and the trace', async () => {
      const result = await client().call(
        'echo',
        { a: [1, null, { b: 'ü' }] },
        { more: { 'x-unknown': { deep: true }, _meta: { traceparent: TRACE, 'com.example/k': 1 } } },
      )
      expect(result).toMatchObject({
        content: [{ type: 'text', text: 'echo' }],
        structuredContent: {
          params: {
            name: 'echo',
            arguments: { a: [1, null, { b: 'ü' }] },
            'x-unknown': { deep: true },
            _meta: { traceparent: TRACE, 'com.example/k': 1 },
          },
        },
        'x-novel': { of: 'the future' },
        _meta: { 'com.example/m': 1 },
      })
    })

    test('progress comes under the token of the client', async () => {
      const handedOn: object[] = []
      client().progress.length = 0
      await client().call('progress', {}, { onprogress: (progress) => handedOn.push(progress) })
      expectSteps(client().progress, handedOn)
    })

    test('a cancelled call ends at the server', async () => {
      const [waiting, cancelled] = [
        await house.count(server, 'waiting'),
        await house.count(server, 'cancelled'),
      ]
      const stop = new AbortController()
      const call = client().call('wait', {}, { signal: stop.signal })
      call.catch(() => {})
      await until(async () => (await house.count(server, 'waiting')) === waiting + 1)
      stop.abort()
      await expect(call).rejects.toThrow()
      await until(async () => (await house.count(server, 'cancelled')) === cancelled + 1)
    })
  })
})
