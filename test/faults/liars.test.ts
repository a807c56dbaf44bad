import { afterEach, describe, expect, test } from 'vitest'

import { ERAS, post, rpc, rpcRequest, type RawAnswer } from '../http/raw-request.ts'
import { endOf, faulty, openFaulty, type FaultyHouse } from './faulty-house.ts'

let house: FaultyHouse
afterEach(() => house.close())

const ELICITS = { 'io.modelcontextprotocol/clientCapabilities': { elicitation: {}, sampling: {} } }

test('a tool that vanishes between list and call: that call fails, and the others go on', async () => {
  house = await openFaulty({ liar: faulty() })
  expect(await house.names()).toContain('liar__ghost')
  const gone = await house.call('liar__ghost')
  expect(endOf(gone).code).toBe('upstream_failed')
  expect(endOf(await house.call('liar__ok')).text).toBe('ok')
})

test.each(ERAS)(
  'capabilities that it does not have cost nothing but what is asked of them (%s)',
  async (era) => {
    house = await openFaulty({ liar: faulty(['--claims']) })
    expect(await house.names(era)).toContain('liar__ok')
    expect(endOf(await house.call('liar__ok', {}, era)).text).toBe('ok')
    for (const [method, member] of [
      ['prompts/list', 'prompts'],
      ['resources/list', 'resources'],
      ['resources/templates/list', 'resourceTemplates'],
    ] as const) {
      expect((await rpc(house.url, era, method)).last.result?.[member]).toEqual([])
    }
    const { last } = await rpc(house.url, era, 'prompts/get', { name: 'none' })
    expect(last.error?.code).toBe(-32602)
  },
)

describe('a server that asks for input for ever', () => {
  const open = async (): Promise<void> => {
    house = await openFaulty({ liar: faulty(['--modern'], { timeouts: { callMs: 5_000 } }) })
  }
  const ask = (params: object): Promise<RawAnswer> => {
    const { body, headers } = rpcRequest('modern', 'tools/call', {
      name: 'liar__asks',
      arguments: {},
      _meta: ELICITS,
      ...params,
    })
    return post(house.url, body, headers)
  }

  test('is given up where the client cannot be asked', async () => {
    await open()
    for (const era of ERAS) expect(endOf(await house.call('liar__asks', {}, era)).code).toBe('client_cannot')
    expect(endOf(await house.call('liar__ok')).text).toBe('ok')
  })

  test('is given up after some rounds where the client answers each time', async () => {
    await open()
    let answer = await ask({})
    let rounds = 0
    while (answer.last.result?.['resultType'] === 'input_required' && rounds < 100) {
      rounds += 1
      const requestState = answer.last.result['requestState']
      answer = await ask({ requestState, inputResponses: { more: { action: 'accept', content: {} } } })
    }
    expect(rounds).toBeGreaterThan(1)
    expect(rounds).toBeLessThan(100)
    expect(endOf(answer).code).toBe('upstream_failed')
  })
})

describe('a server that asks for a sampling 1,000 times in one call', () => {
  test.each(ERAS)('is refused each time where the client cannot (%s)', async (era) => {
    house = await openFaulty({ liar: faulty() })
    const { last } = await house.call('liar__samples', {}, era)
    expect(last.result?.['structuredContent']).toEqual({ results: 0, errors: 1_000 })
    expect(endOf(await house.call('liar__ok')).text).toBe('ok')
  })

  test('puts only so many to a client that can', async () => {
    house = await openFaulty({ liar: faulty([], { connection: 'client', timeouts: { callMs: 5_000 } }) })
    const ask = (params: object): Promise<RawAnswer> => {
      const call = { name: 'liar__samples', arguments: {}, _meta: ELICITS, ...params }
      const { body, headers } = rpcRequest('modern', 'tools/call', call)
      return post(house.url, body, headers)
    }
    const sampled = { role: 'assistant', content: { type: 'text', text: 'x' }, model: 'none' }
    let { last } = await ask({})
    let asked = 0
    while (last.result?.['resultType'] === 'input_required' && asked < 1_000) {
      const keys = Object.keys(last.result['inputRequests'] as object)
      asked += keys.length
      const inputResponses = Object.fromEntries(keys.map((key) => [key, sampled]))
      ;({ last } = await ask({ requestState: last.result['requestState'], inputResponses }))
    }
    expect(asked).toBeGreaterThan(0)
    expect(asked).toBeLessThan(200)
  })
})
