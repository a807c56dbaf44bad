import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js'

import type { HouseParts } from '../../gateway/open-house.ts'
import { mcpHeaders, post, readAnswer, rpcRequest, type Era } from '../../http/raw-request.ts'

/** Two people, each of whom may use one of two servers, and nothing in common. */
export const KEYS = { ann: 'isk_the-key-of-ann-in-a-test', bob: 'isk_the-key-of-bob-in-a-test' } as const

/** What each of them may use. */
export const OWN = { ann: 'alpha', bob: 'beta' } as const

const offer = (name: string) => ({
  prompts: [{ name: `${name}-prompt` }],
  resources: [{ uri: `x://${name}/resource`, name: `${name}-resource` }],
  templates: [{ uriTemplate: `x://${name}/{id}`, name: `${name}-template` }],
  capabilities: { prompts: {}, resources: {}, tools: {} },
  instructions: `How to use ${name}.`,
})

/** The house of the two: `alpha-tool`, `alpha-prompt` and so on are Ann's, those of beta are Bob's. */
export const TWO_PEOPLE: HouseParts = {
  servers: { alpha: { 'alpha-tool': {} }, beta: { 'beta-tool': {} } },
  offers: { alpha: offer('alpha'), beta: offer('beta') },
  config: {
    keys: {
      ann: { key: KEYS.ann, policy: { allow: ['alpha.*', 'code.*'] } },
      bob: { key: KEYS.bob, policy: { allow: ['beta.*', 'code.*'] } },
    },
    virtualServers: {
      both: { tools: ['*'] },
      classic: { mode: 'classic', tools: ['*'] },
      search: { mode: 'search', tools: ['*'] },
    },
  },
}

/** A way to use the gateway. What is given back is everything that the answer says; `status` 401 where nobody was let in. */
export interface Way {
  /** Everything that this way shows. */
  readonly list: (url: string, credential: string) => Promise<Said>
  /** Uses the tool of a server. */
  readonly call: (url: string, credential: string, server: string) => Promise<Said>
}

export interface Said {
  readonly status: number
  readonly text: string
}

const LISTS = ['tools/list', 'prompts/list', 'resources/list', 'resources/templates/list'] as const

function rpcAs(
  url: string,
  credential: string,
  era: Era,
  method: string,
  params: object = {},
): Promise<Said> {
  const { body, headers } = rpcRequest(era, method, { ...params })
  return post(url, body, { ...headers, authorization: `Bearer ${credential}` })
}

function overHttp(era: Era, path: string, nameOf: (server: string) => string): Way {
  return {
    list: async (url, credential) => {
      const first = era === 'modern' ? 'server/discover' : 'initialize'
      const hello = {
        protocolVersion: '2025-11-25',
        capabilities: {},
        clientInfo: { name: 'raw', version: '1' },
      }
      const methods = [first, ...LISTS]
      const said = await Promise.all(
        methods.map((method) => rpcAs(url + path, credential, era, method, method === first ? hello : {})),
      )
      return { status: said[0]?.status ?? 0, text: said.map(({ text }) => text).join('\n') }
    },
    call: (url, credential, server) =>
      rpcAs(url + path, credential, era, 'tools/call', { name: nameOf(server), arguments: {} }),
  }
}

const exposed = (server: string): string => `${server}__${server}-tool`

/** A request that is no tool's: what is named is one of the server that is not the caller's. */
function asking(method: string, paramsOf: (server: string) => object): Way {
  const lists = overHttp('legacy', '/mcp/classic', exposed)
  return {
    ...lists,
    call: (url, credential, server) =>
      rpcAs(`${url}/mcp/classic`, credential, 'legacy', method, paramsOf(server)),
  }
}

const throughTool = (path: string, name: string, argsOf: (server: string) => object): Way => ({
  list: async (url, credential) => {
    const ask = (tool: string, args: object) =>
      rpcAs(url + path, credential, 'legacy', 'tools/call', { name: tool, arguments: args })
    const said = await Promise.all([
      ask('search_tools', { query: '' }),
      ask('search_tools', { query: 'beta tool' }),
      ask('describe_tools', { tools: ['alpha.alpha-tool', 'beta.beta-tool'] }),
    ])
    return { status: said[0]?.status ?? 0, text: said.map(({ text }) => text).join('\n') }
  },
  call: (url, credential, server) =>
    rpcAs(url + path, credential, 'legacy', 'tools/call', { name, arguments: argsOf(server) }),
})

const rest = async (url: string, credential: string, path: string, method: string): Promise<Said> =>
  readAnswer(
    await fetch(url + path, {
      method,
      headers: mcpHeaders({ authorization: `Bearer ${credential}` }),
      ...(method === 'POST' ? { body: '{}' } : {}),
    }),
  )

const overSse = async (
  url: string,
  credential: string,
  use: (client: Client) => Promise<unknown>,
): Promise<Said> => {
  const headers = { authorization: `Bearer ${credential}` }
  const client = new Client({ name: 'test', version: '1' })
  const transport = new SSEClientTransport(new URL(`${url}/mcp/classic/sse`), {
    requestInit: { headers },
    eventSourceInit: {
      fetch: (address, init) => fetch(address, { ...init, headers: { ...init.headers, ...headers } }),
    },
  })
  try {
    await client.connect(transport)
    return { status: 200, text: JSON.stringify(await use(client)) }
  } catch (error) {
    return { status: /401/.test(String(error)) ? 401 : 200, text: String(error) }
  } finally {
    await client.close()
  }
}

/** Every way in which something of a server can be listed or used. */
export const WAYS: Readonly<Record<string, Way>> = {
  ...Object.fromEntries(
    (['legacy', 'modern'] as const).flatMap((era) => [
      [`Streamable HTTP, ${era}, /mcp`, overHttp(era, '/mcp', exposed)],
      [`Streamable HTTP, ${era}, classic`, overHttp(era, '/mcp/classic', exposed)],
      [`Streamable HTTP, ${era}, a virtual server`, overHttp(era, '/mcp/v/classic', exposed)],
      [`Streamable HTTP, ${era}, code`, overHttp(era, '/mcp/code', exposed)],
      [
        `Streamable HTTP, ${era}, by its native name`,
        overHttp(era, '/mcp/classic', (server) => `${server}.${server}-tool`),
      ],
    ]),
  ),
  'the endpoint of Alpha': overHttp('legacy', '/mcp/s/alpha', (server) => `${server}-tool`),
  'the endpoint of Beta': overHttp('modern', '/mcp/s/beta', (server) => `${server}-tool`),
  'HTTP+SSE': {
    list: (url, credential) =>
      overSse(url, credential, async (client) => [
        await client.listTools(),
        await client.listPrompts(),
        await client.listResources(),
        client.getInstructions(),
      ]),
    call: (url, credential, server) =>
      overSse(url, credential, (client) => client.callTool({ name: exposed(server), arguments: {} })),
  },
  call_tool: throughTool('/mcp/v/search', 'call_tool', (server) => ({
    name: exposed(server),
    arguments: {},
  })),
  'a script': throughTool('/mcp/code', 'run_script', (server) => ({
    code: `return await tools.${server}['${server}-tool']({})`,
    check: 'off',
  })),
  'a prompt': asking('prompts/get', (server) => ({ name: `${server}__${server}-prompt` })),
  'a resource': asking('resources/read', (server) => ({ uri: `x://${server}/resource` })),
  'a resource of a template': asking('resources/read', (server) => ({ uri: `x://${server}/7` })),
  'a subscription': asking('resources/subscribe', (server) => ({ uri: `x://${server}/resource` })),
  'a completion': asking('completion/complete', (server) => ({
    ref: { type: 'ref/prompt', name: `${server}__${server}-prompt` },
    argument: { name: 'a', value: 'b' },
  })),
  REST: {
    list: (url, credential) => rest(url, credential, '/v1/tools', 'GET'),
    call: (url, credential, server) =>
      rest(url, credential, `/v1/tools/${server}/${server}-tool/call`, 'POST'),
  },
}
