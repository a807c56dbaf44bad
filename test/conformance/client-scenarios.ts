import type { CallToolResult, Client, ClientCapabilities } from '@modelcontextprotocol/client'
import { z } from 'zod'

/** What a client is given to play with. */
export interface Scene {
  readonly client: Client
  /** What the suite says about the scenario. */
  readonly context: Readonly<Record<string, unknown>>
  /** There is a gateway between the client and the suite's server. */
  readonly hasGateway: boolean
}

/** What a client does in one scenario of the suite. */
export interface ClientScenario {
  readonly capabilities?: ClientCapabilities
  readonly play: (scene: Scene) => Promise<void>
}

/** All that a client can be asked for. */
const EVERYTHING: ClientCapabilities = { elicitation: { form: {} }, sampling: {}, roots: {} }

/** The list as it comes: the client's own way drops tools, and here it is the gateway that has to. */
const RAW_LIST = z.looseObject({ tools: z.array(z.looseObject({ name: z.string() })) })

const TOOL_CALLS = z.array(z.object({ name: z.string(), arguments: z.record(z.string(), z.unknown()) }))

/** Calls a tool; one that fails has failed the scenario. */
async function call(
  client: Client,
  name: string,
  args: Record<string, unknown> = {},
): Promise<CallToolResult> {
  const result = await client.callTool({ name, arguments: args })
  if (result.isError === true) throw new Error(`${name} failed: ${JSON.stringify(result.content)}`)
  return result
}

/** Arguments that fit each tool whose annotations are wrong, so that nothing but these can be why it is not called. */
const FITTING = {
  value: 'x',
  region: 'x',
  field1: 'x',
  field2: 'x',
  data: {},
  items: [],
  nil: null,
  score: 1,
}

/**
 * The suite sends null where the schema of its own tool wants a boolean, and the gateway refuses what a schema refuses.
 * What is looked at is that there is no header for a value that is null or not given.
 */
function withoutNull(args: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== null))
}

function listThenCall(name: string, args?: Record<string, unknown>): ClientScenario['play'] {
  return async ({ client }) => {
    await client.listTools()
    await call(client, name, args)
  }
}

async function readEverything({ client }: Scene): Promise<void> {
  const { tools } = await client.listTools()
  for (const { name } of tools) await call(client, name)
  const { resources } = await client.listResources()
  for (const { uri } of resources) await client.readResource({ uri })
  const { prompts } = await client.listPrompts()
  for (const { name } of prompts) await client.getPrompt({ name })
  // Where a server says that it has none, the SDK gives an empty list without asking.
  if (tools.length === 0 || resources.length === 0 || prompts.length === 0)
    throw new Error('Something of the tools, resources and prompts is not there.')
}

/** By the names that the suite gives them. */
export const CLIENT_SCENARIOS: Readonly<Record<string, ClientScenario>> = {
  initialize: { play: async ({ client }) => void (await client.listTools()) },
  tools_call: { play: listThenCall('add_numbers', { a: 5, b: 3 }) },
  'sse-retry': { play: listThenCall('test_reconnection') },
  'elicitation-sep1034-client-defaults': {
    capabilities: { elicitation: { form: { applyDefaults: true } } },
    play: async ({ client }) => {
      client.setRequestHandler('elicitation/create', () => ({ action: 'accept', content: {} }))
      await client.listTools()
      await call(client, 'test_client_elicitation_defaults')
    },
  },
  'json-schema-2020-12-preservation': {
    play: async ({ client }) => {
      const { tools } = await client.listTools()
      const schema = tools.find(({ name }) => name === 'json_schema_2020_12_tool')?.inputSchema
      await call(client, 'json_schema_echo', { schema })
    },
  },
  'request-metadata': {
    capabilities: EVERYTHING,
    play: async ({ client }) => void (await client.listTools()),
  },
  'sep-2322-client-request-state': {
    capabilities: EVERYTHING,
    play: async ({ client, hasGateway }) => {
      let isAsked = false
      client.setRequestHandler('elicitation/create', async () => {
        // Between two rounds of one call there is another: it must carry nothing of the first.
        if (!isAsked) await call(client, 'test_mrtr_unrelated')
        isAsked = true
        return { action: 'accept', content: { confirmed: true } }
      })
      await client.listTools()
      await call(client, 'test_mrtr_echo_state')
      await call(client, 'test_mrtr_no_state')
      // The SDK's client accepts no result without its type; from a gateway there is none.
      await call(client, 'test_mrtr_no_result_type').catch((error: unknown) => {
        if (hasGateway) throw error
      })
      if (!isAsked) throw new Error('Nobody was asked.')
    },
  },
  'http-standard-headers': { play: readEverything },
  'http-custom-headers': {
    play: async ({ client, context, hasGateway }) => {
      await client.listTools()
      for (const { name, arguments: args } of TOOL_CALLS.parse(context['toolCalls']))
        await call(client, name, hasGateway ? withoutNull(args) : args)
    },
  },
  'http-invalid-tool-headers': {
    play: async ({ client, hasGateway }) => {
      const offered = await client.listTools()
      const { tools } = hasGateway ? await client.request({ method: 'tools/list' }, RAW_LIST) : offered
      // What is looked at is which calls arrive, not what becomes of them.
      for (const { name } of tools) await client.callTool({ name, arguments: FITTING }).catch(() => {})
    },
  },
  'json-schema-ref-no-deref': { play: async ({ client }) => void (await client.listTools()) },
}
