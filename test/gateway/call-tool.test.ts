import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { ALL_OWN_TOOLS } from '../../src/config/own-tools.ts'
import type { JsonObject } from '../../src/core/json.ts'
import type { JournalRecord } from '../../src/core/ports.ts'
import { textResult } from '../../src/core/result.ts'
import { ERAS, rpc, rpcRequest, type Era, type RawAnswer } from '../http/raw-request.ts'
import { openHouse, type House } from './open-house.ts'
import { callAt, openSearchHouse, refusalIn, textIn } from './search-house.ts'

let house: House
let url: string
beforeAll(async () => {
  house = openSearchHouse()
  ;({ url } = await house.listenHttp())
})
afterAll(() => house.close())

/** How many records there were before the test. */
let before = 0
beforeEach(() => void (before = house.records.length))
const records = (): readonly JournalRecord[] => house.records.slice(before)

const ask = (name: string, args: JsonObject, path = '/mcp'): Promise<RawAnswer> =>
  callAt(url + path, name, args)
const callTool = (name: string, args: JsonObject = {}, era: Era = 'legacy'): Promise<RawAnswer> =>
  callAt(`${url}/mcp`, 'call_tool', { name, arguments: args }, era)

describe('call_tool', () => {
  test.each(ERAS)('calls by any spelling of a name, %s', async (era) => {
    for (const name of ['alpha__say', 'alpha.say', 'tools.alpha.say']) {
      expect([name, textIn(await callTool(name, { text: 'hello' }, era))]).toEqual([name, 'said hello'])
    }
  })

  test('gives the result as it came', async () => {
    const direct = (await ask('alpha__get-all', {})).last.result
    const indirect = (await callTool('alpha__get-all')).last.result
    expect(direct).toMatchObject({ structuredContent: { all: [1] }, 'x-result': { kept: true } })
    expect(indirect).toEqual(direct)
    expect((await callTool('alpha__fails')).last.result).toEqual((await ask('alpha__fails', {})).last.result)
  })

  test('leaves two records, the tool under the call of call_tool', async () => {
    await callTool('alpha__say', { text: 'a' })
    const [child, parent] = records()
    expect(records()).toHaveLength(2)
    expect(parent).toMatchObject({ tool: 'code.call_tool', door: 'mcp', outcome: 'ok' })
    expect(child).toMatchObject({
      tool: 'alpha.say',
      door: 'mcp',
      outcome: 'ok',
      parent: parent?.id,
      principal: parent?.principal,
    })
  })

  test('relays progress', async () => {
    const { messages } = await rpc(`${url}/mcp`, 'modern', 'tools/call', {
      name: 'call_tool',
      arguments: { name: 'alpha__steps' },
      _meta: { progressToken: 'p' },
    })
    expect(messages.map(({ params }) => params?.['message'])).toContain('half')
  })

  test('checks the arguments of the tool, and its own', async () => {
    const wrong = await callTool('alpha__say', { txt: 'a' })
    expect(refusalIn(wrong)).toBe('invalid_arguments')
    expect(textIn(wrong)).toContain('alpha.say')
    expect(refusalIn(await ask('call_tool', { arguments: {} }))).toBe('invalid_arguments')
    expect(refusalIn(await ask('call_tool', { name: 'alpha__say', arguments: 'x' }))).toBe(
      'invalid_arguments',
    )
    expect(refusalIn(await ask('call_tool', { name: 'beta__look', more: 1 }))).toBe('invalid_arguments')
  })

  test('a hidden tool is answered like a name of nothing, in a way that a model gets to see', async () => {
    for (const spelling of ['alpha__NAME', 'alpha.NAME', 'tools.alpha.NAME']) {
      const answerOf = async (name: string): Promise<string> =>
        JSON.stringify((await callTool(spelling.replace('NAME', name))).last).replaceAll(name, 'NAME')
      const hidden = await answerOf('secret')
      expect(hidden).toContain('"isError":true')
      expect(hidden).toContain('unknown_tool')
      expect(hidden).toBe(await answerOf('secrex'))
    }
    expect(
      records()
        .map(({ tool, code }) => [tool, code])
        .slice(0, 2),
    ).toEqual([
      ['alpha__secret', 'unknown_tool'],
      ['code.call_tool', undefined],
    ])
    expect(house.backends['alpha']?.calls.filter(({ tool }) => tool.name === 'secret')).toEqual([])
  })

  test('calls no tool of Isogate itself', async () => {
    for (const own of ALL_OWN_TOOLS) {
      for (const name of [`code__${own}`, `code.${own}`, `tools.code.${own}`]) {
        const answer = await callTool(name, {
          code: 'return 1',
          query: '',
          tools: ['alpha.say'],
          name: 'alpha.say',
        })
        expect([name, refusalIn(answer)]).toEqual([name, 'nested_run'])
      }
    }
    for (const name of ['call_tool', 'run_script', '', 'code', 'code.nothing']) {
      expect([name, refusalIn(await callTool(name))]).toEqual([name, 'unknown_tool'])
    }
  })

  test('is not for scripts', async () => {
    const code = `const codes = []
      for (const tool of ${JSON.stringify(ALL_OWN_TOOLS)})
        codes.push(await tools.code[tool]({ name: 'alpha.say', arguments: { text: 'a' } }).then(() => 'RAN', (error) => error.code))
      return [...new Set(codes)]`
    const answer = await ask('run_script', { code, check: 'off' }, '/mcp/code')
    expect(textIn(answer)).toBe('["nested_run"]')
  })

  test('lets the tool ask the client', async () => {
    const question = { method: 'elicitation/create', params: { message: 'Sure?' } }
    await using open = openHouse({
      scripts: false,
      config: { mode: 'search' },
      servers: {
        alpha: {
          asks: {
            answer: async ({ client }) => textResult(JSON.stringify(await client?.ask({ sure: question }))),
          },
        },
      },
    })
    const address = `${(await open.listenHttp()).url}/mcp`
    const call = (more: JsonObject): Promise<RawAnswer> =>
      rpc(address, 'modern', 'tools/call', {
        name: 'call_tool',
        arguments: { name: 'alpha__asks' },
        _meta: { 'io.modelcontextprotocol/clientCapabilities': { elicitation: {} } },
        ...more,
      })
    const { requestState, inputRequests } = (await call({})).last.result ?? {}
    expect(inputRequests).toEqual({ sure: question })
    const answered = await call({
      requestState: requestState as string,
      inputResponses: { sure: { action: 'accept' } },
    })
    expect(textIn(answered)).toBe('{"sure":{"action":"accept"}}')
  })

  test('is cancelled with its client', async () => {
    const began = Promise.withResolvers<AbortSignal>()
    await using open = openHouse({
      scripts: false,
      config: { mode: 'search' },
      servers: {
        alpha: {
          hangs: {
            answer: ({ signal }) => {
              began.resolve(signal)
              return new Promise(() => {})
            },
          },
        },
      },
    })
    const address = `${(await open.listenHttp()).url}/mcp`
    const gone = new AbortController()
    const { body, headers } = rpcRequest('modern', 'tools/call', {
      name: 'call_tool',
      arguments: { name: 'alpha.hangs' },
    })
    const request = fetch(address, { method: 'POST', headers, body, signal: gone.signal }).catch(() => {})
    const signal = await began.promise
    const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
    gone.abort()
    await request
    await aborted
    expect(signal.aborted).toBe(true)
  })
})
