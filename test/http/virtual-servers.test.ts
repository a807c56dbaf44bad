import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { JsonObject } from '../../src/core/json.ts'
import type { Offer } from '../../src/core/ports.ts'
import { openHouse, type House, type HouseParts } from '../gateway/open-house.ts'
import { callAt as callTool, refusalIn, textIn } from '../gateway/search-house.ts'
import { ERAS, rpc, toolsIn, type Era, type RawAnswer } from './raw-request.ts'

const TOOLS = ['read', 'write', 'secret', 'get-secret']
const SERVERS = ['alpha', 'beta', 'vault']
const MODES = ['classic', 'code', 'search', 'auto'] as const

const offerOf = (server: string): Offer => ({
  prompts: ['greet', 'hidden'].map((name) => ({ name })),
  resources: ['open', 'hidden'].map((name) => ({ uri: `${server}://${name}`, name })),
  templates: ['open', 'hidden'].map((name) => ({ uriTemplate: `${server}://${name}/{id}`, name })),
  capabilities: { prompts: {}, resources: {} },
  instructions: `Use ${server} well.`,
})

/** What the scope names: of alpha nearly everything, of beta one tool; the policy denies secrets. */
const PART = {
  tools: ['alpha.*', 'beta.read'],
  prompts: ['alpha.greet'],
  resources: ['alpha.alpha://open*'],
}
const REACHED = ['alpha.read', 'alpha.write', 'beta.read']

const PARTS: HouseParts = {
  servers: Object.fromEntries(
    SERVERS.map((server) => [server, Object.fromEntries(TOOLS.map((name) => [name, {}]))]),
  ),
  offers: Object.fromEntries(SERVERS.map((server) => [server, offerOf(server)])),
  config: {
    policy: { deny: ['*.*secret*'] },
    autoThresholdTokens: 100_000,
    virtualServers: {
      ...Object.fromEntries(MODES.map((mode) => [mode, { ...PART, mode }])),
      'all-of_it': { tools: ['*'], prompts: ['*'], resources: ['*'], mode: 'search' },
      empty: { title: 'Nothing at all' },
      told: { title: 'Research', instructions: 'Ask first.', tools: ['alpha.*'], mode: 'code' },
    },
  },
}

let house: House
let url: string
beforeAll(async () => {
  house = openHouse(PARTS)
  ;({ url } = await house.listenHttp())
})
afterAll(() => house.close())

const callAt = (slug: string, name: string, args: JsonObject = {}, era: Era = 'legacy'): Promise<RawAnswer> =>
  callTool(`${url}/mcp/v/${slug}`, name, args, era)

/** The ways to use a tool, each with the modes that have it. True where the tool was reached. */
const WAYS: Readonly<
  Record<string, readonly [modes: readonly string[], use: (slug: string, key: string) => Promise<boolean>]>
> = {
  'a call of its name': [
    MODES,
    async (slug, key) => refusalIn(await callAt(slug, key.replace('.', '__'))) === undefined,
  ],
  'a call of its key in the newer era': [
    MODES,
    async (slug, key) => refusalIn(await callAt(slug, key, {}, 'modern')) === undefined,
  ],
  call_tool: [
    ['search', 'auto?mode=search'],
    async (slug, key) => refusalIn(await callAt(slug, 'call_tool', { name: key })) === undefined,
  ],
  'a script': [
    ['code', 'auto?mode=code'],
    async (slug, key) => {
      const [server, tool] = key.split('.')
      const code = `return await tools['${server}']['${tool}']({}).then(() => 'REACHED', (error) => error.code)`
      const text = textIn(await callAt(slug, 'run_script', { code, check: 'off' }))
      expect(['REACHED', 'unknown_tool']).toContain(text)
      return text === 'REACHED'
    },
  ],
}

const CASES = Object.entries(WAYS).flatMap(([way, [modes]]) => modes.map((mode) => ({ way, mode })))

describe('what is listed is what can be called', () => {
  test.each(CASES)('at an endpoint in mode $mode, by $way', async ({ way, mode }) => {
    const reached: string[] = []
    for (const server of SERVERS) {
      for (const tool of TOOLS) {
        const key = `${server}.${tool}`
        const before = house.backends[server]?.calls.length ?? 0
        if (await WAYS[way]?.[1](mode, key)) reached.push(key)
        const came = (house.backends[server]?.calls.length ?? 0) - before
        expect([key, came]).toEqual([key, REACHED.includes(key) ? 1 : 0])
      }
    }
    expect(reached).toEqual(REACHED)
  })

  test('in the list of a classic endpoint', async () => {
    for (const slug of ['classic', 'auto']) {
      const names = toolsIn(await rpc(`${url}/mcp/v/${slug}`, 'modern', 'tools/list')).map(({ name }) => name)
      expect(names).toEqual(['alpha__read', 'alpha__write', 'beta__read'])
    }
  })

  test('in what is found and described', async () => {
    for (const [slug, spell] of [
      ['code', (key: string) => `tools.${key}(`],
      ['search', (key: string) => `${key.replace('.', '__')}(`],
    ] as const) {
      const found = textIn(await callAt(slug, 'search_tools', { query: '', limit: 50 }))
      expect(
        found
          .split('\n')
          .slice(0, -1)
          .map((line) => line.slice(0, line.indexOf('(') + 1)),
      ).toEqual(REACHED.map(spell))
      const all = SERVERS.flatMap((server) => TOOLS.map((tool) => `${server}.${tool}`))
      const described = textIn(await callAt(slug, 'describe_tools', { tools: all }))
      const unknown = [...described.matchAll(/There is no tool "([^"]+)"/g)].map((match) => match[1])
      expect(unknown).toEqual(all.filter((key) => !REACHED.includes(key)))
    }
  })

  test('with the own tools of its mode and no others, even where a glob means everything', async () => {
    const namesAt = async (slug: string): Promise<unknown[]> =>
      toolsIn(await rpc(`${url}/mcp/v/${slug}`, 'legacy', 'tools/list')).map(({ name }) => name)
    expect(await namesAt('search')).toEqual(['search_tools', 'describe_tools', 'call_tool'])
    expect(await namesAt('code')).toEqual(['search_tools', 'describe_tools', 'run_script'])
    expect(await namesAt('all-of_it')).toEqual(['search_tools', 'describe_tools', 'call_tool'])
    for (const name of ['run_script', 'code.run_script', 'code__run_script']) {
      expect(refusalIn(await callAt('all-of_it', name, { code: 'return 1' }))).toBe('unknown_tool')
    }
    const inside = await callAt('all-of_it', 'call_tool', {
      name: 'code.run_script',
      arguments: { code: '' },
    })
    expect(refusalIn(inside)).toBe('unknown_tool')
  })
})

describe('what is outside', () => {
  test.each(MODES)(
    'is as if it were not there at all: the answers are the same bytes, at %s',
    async (slug) => {
      // The same configuration over servers that have what can be reached, and nothing else.
      await using bare = openHouse({
        ...PARTS,
        servers: { alpha: { read: {}, write: {} }, beta: { read: {} } },
        offers: {
          alpha: {
            ...offerOf('alpha'),
            prompts: [{ name: 'greet' }],
            resources: [{ uri: 'alpha://open', name: 'open' }],
            templates: [{ uriTemplate: 'alpha://open/{id}', name: 'open' }],
          },
          beta: { ...offerOf('beta'), prompts: [], resources: [], templates: [] },
        },
      })
      // Of its own: what other tests have called has been learned from.
      await using fresh = openHouse(PARTS)
      const [own, other] = [(await fresh.listenHttp()).url, (await bare.listenHttp()).url]
      const names = ['vault__write', 'beta.write', 'alpha__secret', 'tools.vault.read', 'alpha__get_secret']
      const requests: readonly (readonly [string, JsonObject])[] = [
        ['server/discover', {}],
        ...['tools/list', 'prompts/list', 'resources/list', 'resources/templates/list'].map(
          (method) => [method, {}] as const,
        ),
        ...names.map((name) => ['tools/call', { name }] as const),
        ...names.map((name) => ['tools/call', { name: 'call_tool', arguments: { name } }] as const),
        ['tools/call', { name: 'describe_tools', arguments: { tools: names } }],
        ['tools/call', { name: 'search_tools', arguments: { query: '' } }],
        ['tools/call', { name: 'search_tools', arguments: { query: 'read', server: 'vault' } }],
        ['prompts/get', { name: 'alpha__hidden' }],
        ['prompts/get', { name: 'vault__greet' }],
        ['completion/complete', { ref: { type: 'ref/prompt', name: 'beta__greet' }, argument: {} }],
      ]
      for (const [method, params] of requests) {
        const answer = await rpc(`${own}/mcp/v/${slug}`, 'modern', method, params)
        const expected = await rpc(`${other}/mcp/v/${slug}`, 'modern', method, params)
        expect([method, params, answer.text]).toEqual([method, params, expected.text])
      }
    },
  )

  test.each(MODES.flatMap((slug) => ERAS.map((era) => ({ slug, era }))))(
    'is not named anywhere, at $slug in the $era era',
    async ({ slug, era }) => {
      const path = `${url}/mcp/v/${slug}`
      const hello =
        era === 'modern'
          ? rpc(path, era, 'server/discover')
          : rpc(path, era, 'initialize', {
              protocolVersion: '2025-11-25',
              capabilities: {},
              clientInfo: { name: 'raw', version: '1' },
            })
      const answers = await Promise.all([
        hello,
        ...['tools/list', 'prompts/list', 'resources/list', 'resources/templates/list'].map((method) =>
          rpc(path, era, method),
        ),
        callAt(slug, 'search_tools', { query: 'open the vaults', server: 'valt' }, era),
        callAt(slug, 'describe_tools', { tools: ['alpha.secre', 'vaul.read', 'beta.wirte'] }, era),
        callAt(slug, 'call_tool', { name: 'valt.read' }, era),
        callAt(slug, 'alpha__secre', {}, era),
      ])
      for (const { text } of answers) {
        expect(text.replaceAll(/alpha__secre|alpha\.secre|vaul\.read/g, '')).not.toMatch(
          /secret|vault(?!s)|hidden|beta__write|beta\.write/,
        )
      }
    },
  )
})

describe('prompts and resources', () => {
  test('are listed where a glob names them', async () => {
    const list = async (method: string, key: string, id: string): Promise<unknown> => {
      const { last } = await rpc(`${url}/mcp/v/classic`, 'modern', method)
      return ((last.result?.[key] ?? []) as readonly JsonObject[]).map(({ [id]: value }) => value)
    }
    expect(await list('prompts/list', 'prompts', 'name')).toEqual(['alpha__greet'])
    expect(await list('resources/list', 'resources', 'uri')).toEqual(['alpha://open'])
    expect(await list('resources/templates/list', 'resourceTemplates', 'uriTemplate')).toEqual([
      'alpha://open/{id}',
    ])
  })

  test('are reached where they are listed, and nowhere else', async () => {
    const codeOf = async (method: string, params: JsonObject): Promise<unknown> =>
      (await rpc(`${url}/mcp/v/classic`, 'modern', method, { ...params })).last.error?.data?.['code']
    expect(await codeOf('prompts/get', { name: 'alpha__greet' })).toBeUndefined()
    for (const name of ['alpha__hidden', 'beta__greet', 'vault__greet']) {
      expect(await codeOf('prompts/get', { name })).toBe('unknown_prompt')
    }
    // In the newer era a header names the resource too.
    const read = (uri: string): Promise<RawAnswer> =>
      rpc(`${url}/mcp/v/classic`, 'legacy', 'resources/read', { uri })
    expect((await read('alpha://open')).last.error).toBeUndefined()
    expect((await read('alpha://open/1')).last.error).toBeUndefined()
    for (const uri of ['alpha://hidden', 'beta://open', 'isogate://vault/vault%3A%2F%2Fopen']) {
      expect([uri, (await read(uri)).last.error?.data?.['uri']]).toEqual([uri, uri])
    }
  })
})

describe('instructions', () => {
  const told = async (slug: string): Promise<string> => {
    const { last } = await rpc(`${url}/mcp/v/${slug}`, 'modern', 'server/discover')
    return String(last.result?.['instructions'])
  }

  test('are those of the configuration, or made of what is there', async () => {
    expect(await told('told')).toBe('Ask first.')
    expect(await told('search')).toContain('Servers (tools): alpha (2), beta (1)')
    expect(await told('search')).toContain('alpha says: Use alpha well.')
    expect(await told('empty')).toMatch(/^Nothing at all\./)
  })
})

test('a name that no virtual server has is no endpoint', async () => {
  for (const slug of ['nothing', 'Classic', 'classic2', '__proto__', 'constructor']) {
    expect([slug, (await rpc(`${url}/mcp/v/${slug}`, 'modern', 'tools/list')).status]).toEqual([slug, 404])
  }
})

test('a virtual server without lists has nothing', async () => {
  expect(toolsIn(await rpc(`${url}/mcp/v/empty`, 'modern', 'tools/list'))).toEqual([])
  expect(refusalIn(await callAt('empty', 'alpha__read'))).toBe('unknown_tool')
})
