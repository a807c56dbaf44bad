import { createHash } from 'node:crypto'

import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { ALL_OWN_TOOLS } from '../../src/config/own-tools.ts'
import type { JsonObject } from '../../src/core/json.ts'
import { CODE_TOOLS } from '../../src/scripts/tools.ts'
import { ERAS, rpc, toolsIn, type RawAnswer } from '../http/raw-request.ts'
import { openHouse, type House } from './open-house.ts'
import { callAt, openSearchHouse, refusalIn, SAY_SCHEMA, textIn } from './search-house.ts'

let house: House
let url: string
beforeAll(async () => {
  house = openSearchHouse()
  ;({ url } = await house.listenHttp())
})
afterAll(() => house.close())

const ask = (name: string, args: JsonObject, path = '/mcp'): Promise<RawAnswer> =>
  callAt(url + path, name, args)

describe('what is listed', () => {
  test('search_tools, describe_tools and call_tool, and nothing else', async () => {
    for (const era of ERAS) {
      const listed = toolsIn(await rpc(`${url}/mcp`, era, 'tools/list')).map(({ name }) => name)
      expect(listed).toEqual(['search_tools', 'describe_tools', 'call_tool'])
    }
  })

  /** Changes of these texts cost every client its prompt cache: change this hash only when you mean to. */
  const PINNED = 'dd34494bca2b9dfc84463cce54643bde3b9444cab176a3c83dbca4370f39d0a4'

  test('the same bytes whatever is connected, but for the hints of call_tool', async () => {
    const hashOf = async (address: string): Promise<string> => {
      const tools = toolsIn(await rpc(`${address}/mcp`, 'modern', 'tools/list'))
      const plain = tools.map((tool) =>
        tool['name'] === 'call_tool' ? { ...tool, annotations: null } : tool,
      )
      return createHash('sha256').update(JSON.stringify(plain)).digest('hex')
    }
    const config = { mode: 'search' }
    await using empty = openHouse({ scripts: false, servers: {}, config })
    await using other = openHouse({ scripts: false, servers: { gamma: { call_tool: {}, x: {} } }, config })
    const addresses = [url, (await empty.listenHttp()).url, (await other.listenHttp()).url]
    for (const address of addresses) expect(await hashOf(address)).toBe(PINNED)
  })

  test('costs at most 300 tokens', async () => {
    const tools = toolsIn(await rpc(`${url}/mcp`, 'legacy', 'tools/list'))
    expect(countTokens(JSON.stringify(tools))).toBeLessThanOrEqual(300)
  })

  test('each own tool is in the list of a mode, and each of a list is there', () => {
    expect(CODE_TOOLS.map(({ ref }) => ref.name).toSorted()).toEqual(ALL_OWN_TOOLS.toSorted())
  })

  test('instructions say how, and name the servers with their counts', async () => {
    const { last } = await rpc(`${url}/mcp`, 'modern', 'server/discover')
    expect(last.result?.['instructions']).toMatch(/call_tool/)
    expect(last.result?.['instructions']).toContain('Servers (tools): alpha (4), beta (1)')
    expect(last.result?.['instructions']).not.toContain('run_script')
  })
})

describe('what is found', () => {
  test('search gives the names for call_tool with their signatures', async () => {
    const text = textIn(await ask('search_tools', { query: 'say' }))
    expect(text).toContain('alpha__say({ text: string })')
    expect(text).not.toContain('tools.alpha')
  })

  test('every name that search gives can be called', async () => {
    const text = textIn(await ask('search_tools', { query: '', limit: 50 }))
    const names = text.match(/^[\w-]+(?=\()/gm) ?? []
    expect(names.toSorted()).toEqual([
      'alpha__fails',
      'alpha__get-all',
      'alpha__say',
      'alpha__steps',
      'beta__look',
    ])
    for (const name of names)
      expect([name, refusalIn(await ask('call_tool', { name, arguments: { text: 'x' } }))]).toEqual([
        name,
        undefined,
      ])
  })

  test('describe gives the JSON Schema, without what is for programs only', async () => {
    const text = textIn(await ask('describe_tools', { tools: ['alpha.say', 'alpha__sayy', 'alpha__secret'] }))
    const [first = '', ...others] = text.split('\n')
    expect(JSON.parse(first)).toEqual({
      name: 'alpha__say',
      description: 'The tool say.',
      inputSchema: SAY_SCHEMA,
    })
    expect(others).toEqual([
      expect.stringMatching(/^There is no tool "alpha__sayy"\. Nearest: alpha__say/),
      expect.stringMatching(/^There is no tool "alpha__secret"\./),
    ])
  })

  test('own tools are neither found nor described', async () => {
    expect(textIn(await ask('search_tools', { query: 'run script', limit: 50 }))).not.toMatch(
      /code__|run_script/,
    )
    const { last } = await ask('describe_tools', { tools: ['code__run_script', 'code.call_tool'] })
    expect(last.result?.['isError']).toBe(true)
  })
})

describe('an endpoint calls only the own tools that it lists', () => {
  const CASES: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    [
      '/mcp',
      ['search_tools', 'describe_tools', 'call_tool', 'code__call_tool'],
      ['run_script', 'code.run_script', 'code.search_tools'],
    ],
    [
      '/mcp/code',
      ['search_tools', 'describe_tools', 'run_script', 'code.run_script'],
      ['call_tool', 'code__call_tool', 'code.search_tools_classic'],
    ],
    [
      '/mcp/classic',
      [],
      [
        'search_tools',
        'describe_tools',
        'run_script',
        'call_tool',
        'code__run_script',
        'tools.code.call_tool',
      ],
    ],
  ]

  test.each(CASES)('%s', async (path, there, missing) => {
    const reach = async (name: string): Promise<unknown> => refusalIn(await ask(name, { 'x-wrong': 1 }, path))
    for (const name of there) expect([name, await reach(name)]).toEqual([name, 'invalid_arguments'])
    for (const name of missing) expect([name, await reach(name)]).toEqual([name, 'unknown_tool'])
  })

  test('the same name is the tool of the mode', async () => {
    expect(textIn(await ask('search_tools', { query: 'say' }))).toContain('alpha__say(')
    expect(textIn(await ask('search_tools', { query: 'say' }, '/mcp/code'))).toContain('tools.alpha.say(')
  })

  test('a tool of a server can be called by its name in every mode', async () => {
    for (const path of ['/mcp', '/mcp/code', '/mcp/classic']) {
      expect(textIn(await ask('alpha__say', { text: path }, path))).toBe(`said ${path}`)
    }
  })

  test('what a rule denies is neither listed nor called', async () => {
    await using open = openHouse({
      scripts: false,
      servers: { alpha: { say: {} } },
      config: { mode: 'search', policy: { deny: ['code.call_tool'] } },
    })
    const address = `${(await open.listenHttp()).url}/mcp`
    const names = toolsIn(await rpc(address, 'legacy', 'tools/list')).map(({ name }) => name)
    expect(names).toEqual(['search_tools', 'describe_tools'])
    const answer = await rpc(address, 'legacy', 'tools/call', {
      name: 'call_tool',
      arguments: { name: 'alpha.say' },
    })
    expect(refusalIn(answer)).toBe('unknown_tool')
  })
})
