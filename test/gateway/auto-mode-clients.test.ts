import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { UNKNOWN_CLIENT } from '../../src/core/listing.ts'
import type { Principal } from '../../src/core/principal.ts'
import { createListing } from '../../src/gateway/listing/aggregate.ts'
import { createVirtualServer } from '../../src/gateway/listing/virtual.ts'
import {
  mcpHeaders,
  post,
  readAnswer,
  rpc,
  rpcRequest,
  toolsIn,
  type RawAnswer,
} from '../http/raw-request.ts'
import { SOMEBODY } from '../policy/call-of.ts'
import { openHouse, type House, type HouseParts } from './open-house.ts'
import { refusalIn } from './search-house.ts'

const SERVERS = { alpha: { one: {}, two: {} } }
/** So little that every list is too dear. */
const DEAR = { autoThresholdTokens: 1 }

const LISTS = {
  classic: ['alpha__one', 'alpha__two'],
  code: ['search_tools', 'describe_tools', 'run_script'],
  search: ['search_tools', 'describe_tools', 'call_tool'],
} as const
type Shown = keyof typeof LISTS

/** The tool that only one mode has, with arguments that its schema takes. */
const OF_MODE = {
  code: ['run_script', { code: 'return 1' }],
  search: ['call_tool', { name: 'alpha__one' }],
} as const

const INFO = 'io.modelcontextprotocol/clientInfo'

type Ask = (method: string, params?: Record<string, unknown>) => Promise<RawAnswer>
interface Who {
  readonly name: string
  readonly version?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** A client whose requests each say who it is. */
function modern(url: string, { name, version = '9.9.9', headers = {} }: Who): Promise<Ask> {
  return Promise.resolve((method, params = {}) => {
    const request = rpcRequest('modern', method, { ...params, _meta: { [INFO]: { name, version } } })
    return post(url, request.body, { ...request.headers, ...headers })
  })
}

/** A client that says it once; its wish is that of its first request. */
async function session(url: string, { name, version = '9.9.9', headers = {} }: Who): Promise<Ask> {
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name, version } }
  const first = await post(
    url,
    JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params }),
    mcpHeaders({ ...headers }),
  )
  const id = first.headers.get('mcp-session-id') ?? ''
  const [address = ''] = url.split('?')
  return (method, more = {}) =>
    post(
      address,
      JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: more }),
      mcpHeaders({ 'mcp-session-id': id, 'mcp-protocol-version': '2025-11-25' }),
    )
}

const KINDS = { 'each request for itself': modern, 'with a session': session }

/** The mode that a client is in: what it lists, and of the tools of modes the ones that it can call. */
async function modeOf(ask: Ask): Promise<string> {
  const listed = toolsIn(await ask('tools/list')).map(({ name }) => name as string)
  const found = Object.entries(LISTS).find(([, names]) => names.every((name) => listed.includes(name)))?.[0]
  for (const [mode, [name, args]] of Object.entries(OF_MODE)) {
    const refusal = refusalIn(await ask('tools/call', { name, arguments: args }))
    expect(refusal === 'unknown_tool', `${name} in mode ${found}`).toBe(mode !== found)
  }
  return found ?? listed.join(' ')
}

let house: House
let url: string
beforeAll(async () => {
  const virtualServers = {
    search: { mode: 'search', tools: ['*'] },
    code: { mode: 'code', tools: ['*'] },
    auto: { mode: 'auto', tools: ['*'] },
  }
  house = openHouse({ servers: SERVERS, scripts: false, config: { ...DEAR, virtualServers } })
  ;({ url } = await house.listenHttp())
})
afterAll(() => house.close())

describe.each(Object.entries(KINDS))('a client, %s', (_kind, connect) => {
  const at = async (path: string, who: Who): Promise<string> => modeOf(await connect(`${url}${path}`, who))

  test.each([
    ['somebody', 'code'],
    ['claude-code', 'classic'],
    ['claude-code (via mcp-remote 0.1.16)', 'classic'],
    ['isogate', 'classic'],
  ])('called %s is shown %s', async (name, mode) => {
    expect(await at('/mcp', { name })).toBe(mode)
  })

  test('of a version that did not search yet is shown Code Mode', async () => {
    expect(await at('/mcp', { name: 'claude-code', version: '2.0.1' })).toBe('code')
  })

  test.each<Shown>(['classic', 'code', 'search'])('is shown %s where it asks for it', async (mode) => {
    for (const name of ['somebody', 'claude-code']) {
      expect(await at(`/mcp?mode=${mode}`, { name })).toBe(mode)
      expect(await at('/mcp', { name, headers: { 'isogate-mode': mode } })).toBe(mode)
    }
  })

  test('is answered by the address where the header says something else', async () => {
    const headers = { 'isogate-mode': 'search' }
    expect(await at('/mcp?mode=classic', { name: 'somebody', headers })).toBe('classic')
    expect(await at('/mcp?mode=auto', { name: 'claude-code', headers })).toBe('classic')
  })

  test('changes nothing at an endpoint that has its mode in its name', async () => {
    expect(await at('/mcp/code?mode=search', { name: 'claude-code' })).toBe('code')
    expect(await at('/mcp/classic?mode=code', { name: 'somebody' })).toBe('classic')
    expect(
      toolsIn(await (await connect(`${url}/mcp/s/alpha?mode=code`, { name: 'x' }))('tools/list')),
    ).toHaveLength(2)
  })

  test('may choose at a virtual server only among the tools that it has', async () => {
    for (const [slug, wish, mode] of [
      ['search', 'code', 'search'],
      ['search', 'classic', 'classic'],
      ['code', 'search', 'code'],
      ['auto', 'search', 'search'],
      ['auto', 'code', 'code'],
    ] as const) {
      expect(await at(`/mcp/v/${slug}?mode=${wish}`, { name: 'somebody' })).toBe(mode)
    }
  })

  test('is refused with the names of the modes where it asks for another one', async () => {
    const requests = ['initialize', 'tools/list', 'tools/call'].map((method) =>
      rpcRequest('legacy', method, { name: 'x' }),
    )
    for (const { body, headers } of requests) {
      for (const query of ['?mode=fast', '?mode=', '?mode=CODE']) {
        const answer = await post(`${url}/mcp${query}`, body, headers)
        expect(answer.status).toBe(400)
        expect(answer.last.error?.message).toMatch(/address is none of `auto`, `code`, `classic`, `search`/)
      }
      const answer = await post(`${url}/mcp?mode=code`, body, { ...headers, 'isogate-mode': 'code, search' })
      expect(answer.status).toBe(400)
      expect(answer.last.error?.message).toMatch(/header `isogate-mode` is none of/)
    }
  })
})

test('an event stream of the older HTTP is that of a client that chose when it opened it', async () => {
  const refused = await fetch(`${url}/mcp/sse?mode=fast`, {
    headers: mcpHeaders({ accept: 'text/event-stream' }),
  })
  expect((await readAnswer(refused)).status).toBe(400)
  const stream = await fetch(`${url}/mcp/sse?mode=search`, {
    headers: mcpHeaders({ accept: 'text/event-stream' }),
  })
  const reader = (stream.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  const until = async (pattern: RegExp): Promise<string> => {
    for (;;) {
      const found = pattern.exec(text)?.[0]
      if (found !== undefined) return found
      const { value, done } = await reader.read()
      if (done) throw new Error('the stream has ended')
      text += value
    }
  }
  const path = await until(/\/mcp\/messages\S+/)
  await post(`${url}${path}`, JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }))
  expect(await until(/"name":"call_tool"/)).toBeDefined()
  await reader.cancel()
})

describe('an operator', () => {
  const shown = async (config: object, who: Who, query = ''): Promise<string> => {
    await using open = openHouse({ servers: SERVERS, scripts: false, config: { ...DEAR, ...config } })
    const address = `${(await open.listenHttp()).url}/mcp${query}`
    const modes = [await modeOf(await modern(address, who)), await modeOf(await session(address, who))]
    expect(modes[1]).toBe(modes[0])
    return modes[0] ?? ''
  }

  test('says what clients of a name are shown, before what is known of them', async () => {
    const auto = { clients: { 'my-*': 'search', 'claude-*': 'code', isogate: 'auto', '*': 'classic' } }
    expect(await shown({ auto }, { name: 'my-agent' })).toBe('search')
    expect(await shown({ auto }, { name: 'claude-code' })).toBe('code')
    expect(await shown({ auto }, { name: 'isogate' })).toBe('code')
    expect(await shown({ auto }, { name: 'somebody' })).toBe('classic')
  })

  test('keeps the choice', async () => {
    const auto = { clientMayChoose: false }
    expect(
      await shown({ auto }, { name: 'somebody', headers: { 'isogate-mode': 'search' } }, '?mode=classic'),
    ).toBe('code')
  })

  test('denies scripts, and single calls: then there is search, and then the list', async () => {
    const deny = ['code.run_script']
    expect(await shown({ policy: { deny } }, { name: 'somebody' })).toBe('search')
    expect(await shown({ policy: { deny } }, { name: 'somebody' }, '?mode=code')).toBe('search')
    expect(await shown({ policy: { deny: [...deny, 'code.call_tool'] } }, { name: 'somebody' })).toBe(
      'classic',
    )
  })

  test('gives a credential a mode, which an endpoint with one in its name does not look at', () => {
    const keyed: Principal = { ...SOMEBODY, mode: 'search' }
    const { auto } = house.plan
    const names = (display: object): unknown[] =>
      createListing(house.gateway, 'mcp', { mode: 'code', autoThresholdTokens: 1, ...display })
        .tools(keyed)
        .map(({ name }) => name)
    expect(names({ auto })).toContain('call_tool')
    expect(names({})).toContain('run_script')
    const { listing, principalOf } = createVirtualServer(house.gateway, 'mcp', 'auto')
    expect(listing.tools(principalOf(keyed)).map(({ name }) => name)).toContain('call_tool')
  })
})

test('is told why, once for each client that begins', () => {
  const told: unknown[] = []
  const listing = createListing(
    house.gateway,
    'mcp',
    house.plan,
    (choice, { name }) => void told.push([choice, name]),
  )
  listing.tools(SOMEBODY)
  listing.instructions(SOMEBODY)
  listing.instructions(SOMEBODY, { ...UNKNOWN_CLIENT, name: 'claude-code' })
  listing.instructions(SOMEBODY, { ...UNKNOWN_CLIENT, wish: 'search' })
  expect(told).toEqual([
    [{ mode: 'code', reason: 'cost' }, undefined],
    [{ mode: 'classic', reason: 'client' }, 'claude-code'],
    [{ mode: 'search', reason: 'wish' }, undefined],
  ])
})

describe('a catalog that grows and shrinks around the threshold', () => {
  /** All of one size, so that the cost is their number. */
  const toolsOf = (count: number): HouseParts['servers'][string] =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`tool_${100 + index}`, {}]))

  async function openAround(): Promise<{
    open: House
    listed: (ask: Ask) => Promise<string>
    become: (count: number) => Promise<void>
    address: string
  }> {
    const probe = openHouse({ servers: { alpha: toolsOf(20) }, scripts: false })
    let least = 0
    const isClassic = (tokens: number): boolean =>
      createListing(probe.gateway, 'mcp', { mode: 'auto', autoThresholdTokens: tokens }).tools(SOMEBODY)
        .length === 20
    for (let step = 4_096; step >= 1; step /= 2) if (!isClassic(least + step)) least += step
    await probe.close()
    const open = openHouse({
      servers: { alpha: toolsOf(20) },
      scripts: false,
      config: { autoThresholdTokens: least + 1 },
    })
    return {
      open,
      address: `${(await open.listenHttp()).url}/mcp`,
      listed: async (ask) =>
        toolsIn(await ask('tools/list'))[0]?.['name'] === 'alpha__tool_100' ? 'classic' : 'code',
      become: async (count) => {
        open.backends['alpha']?.become(toolsOf(count))
        await new Promise(setImmediate)
      },
    }
  }

  test('changes the mode of a session only a quarter beyond it, that of a request at once', async () => {
    const { open, listed, become, address } = await openAround()
    await using _open = open
    const lasting = await session(address, { name: 'somebody' })
    const passing = await modern(address, { name: 'somebody' })
    const seen: unknown[] = []
    for (const count of [20, 21, 24, 26, 21, 16, 14, 19, 21]) {
      await become(count)
      seen.push([count, await listed(lasting), await listed(passing)])
    }
    expect(seen).toEqual([
      [20, 'classic', 'classic'],
      [21, 'classic', 'code'],
      [24, 'classic', 'code'],
      [26, 'code', 'code'],
      [21, 'code', 'code'],
      [16, 'code', 'classic'],
      [14, 'classic', 'classic'],
      [19, 'classic', 'classic'],
      [21, 'classic', 'code'],
    ])
  })

  test('leaves a session the tools that it was shown, until it lists again', async () => {
    const { open, listed, become, address } = await openAround()
    await using _open = open
    await become(40)
    const lasting = await session(address, { name: 'somebody' })
    expect(await listed(lasting)).toBe('code')
    await become(2)
    const call = async (): Promise<unknown> =>
      refusalIn(await lasting('tools/call', { name: 'run_script', arguments: { code: 'return 1' } }))
    expect(await call()).toBe('sandbox_unavailable')
    expect(await listed(lasting)).toBe('classic')
    expect(await call()).toBe('unknown_tool')
  })
})

test('a client without a session that says nothing of itself is shown what an unknown one is', async () => {
  expect(toolsIn(await rpc(`${url}/mcp`, 'legacy', 'tools/list')).map(({ name }) => name)).toContain(
    'run_script',
  )
  expect(
    toolsIn(await rpc(`${url}/mcp?mode=search`, 'legacy', 'tools/list')).map(({ name }) => name),
  ).toContain('call_tool')
})
