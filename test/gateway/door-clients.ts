import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'

import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernTransport,
} from '@modelcontextprotocol/client'
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport as LegacyTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'

import { toGatewayError } from '../../src/core/errors.ts'
import { isJsonObject, type JsonObject } from '../../src/core/json.ts'
import { TOKEN, type House } from './open-house.ts'
import { textOf } from './text-of.ts'

/** How a call ended, in the same words for every door. */
export type Outcome =
  | { readonly kind: 'content'; readonly text: string }
  | { readonly kind: 'tool error'; readonly text: string }
  | { readonly kind: 'refused'; readonly code: string }

/** A client at one door. Tools are named `server.tool`. */
export interface DoorClient {
  readonly call: (tool: string, args: JsonObject) => Promise<Outcome>
  readonly close: () => Promise<void>
}

const WHO = { name: 'test', version: '1.0.0' }
const HEADERS = { requestInit: { headers: { authorization: `Bearer ${TOKEN}` } } }

/** Each door with a way to open a client at it. `url` is the address of the gateway's HTTP door. */
export const DOORS: Readonly<Record<string, (house: House, url: string) => Promise<DoorClient>>> = {
  'HTTP, 2026-07-28': async (_house, url) => {
    const client = new ModernClient(WHO, { versionNegotiation: { mode: { pin: '2026-07-28' } } })
    await client.connect(new ModernTransport(new URL(`${url}/mcp/classic`), HEADERS))
    return mcpClient(client)
  },
  'HTTP, SDK 1.x': async (_house, url) => {
    const client = new LegacyClient(WHO)
    await client.connect(new LegacyTransport(new URL(`${url}/mcp/classic`), HEADERS))
    return mcpClient(client)
  },
  'standard input and output': async () => {
    const client = new LegacyClient(WHO)
    const program = fileURLToPath(new URL('../fixtures/stdio-door.ts', import.meta.url))
    await client.connect(new StdioClientTransport({ command: process.execPath, args: [program] }))
    return mcpClient(client)
  },
  call_tool: async (_house, url) => {
    const client = new LegacyClient(WHO)
    await client.connect(new LegacyTransport(new URL(`${url}/mcp/v/all`), HEADERS))
    return mcpClient({
      callTool: ({ name, arguments: args }) =>
        client.callTool({ name: 'call_tool', arguments: { name, arguments: args } }),
      close: () => client.close(),
    })
  },
  'a script': async (_house, url) => {
    const client = new LegacyClient(WHO)
    await client.connect(new LegacyTransport(new URL(`${url}/mcp/code`), HEADERS))
    return scriptClient(client)
  },
  'the handler itself': ({ gateway }) =>
    Promise.resolve({
      call: async (key, args) => {
        const [server = '', name = ''] = key.split('.')
        return gateway
          .handler({
            id: randomUUID(),
            door: 'cli',
            principal: { id: 'local', kind: 'local' },
            tool: { server, name },
            args,
            signal: new AbortController().signal,
          })
          .then(
            ({ isError, content }) => ({
              kind: isError === true ? 'tool error' : 'content',
              text: textOf(content),
            }),
            (thrown: unknown) => ({ kind: 'refused', code: toGatewayError(thrown).code }),
          )
      },
      close: () => Promise.resolve(),
    }),
}

/** What the clients of both SDKs have in common. */
interface AnyClient {
  readonly callTool: (params: { name: string; arguments: Record<string, unknown> }) => Promise<unknown>
  readonly close: () => Promise<void>
}

function mcpClient(client: AnyClient): DoorClient {
  return {
    call: (tool, args) =>
      client.callTool({ name: tool.replace('.', '__'), arguments: { ...args } }).then(toOutcome, toRefusal),
    close: () => client.close(),
  }
}

function scriptClient(client: AnyClient): DoorClient {
  return {
    call: async (tool, args) => {
      const code = `
        try {
          return { kind: 'content', text: await tools.${tool}(${JSON.stringify(args)}) }
        } catch (error) {
          if (error.code === 'tool_error') return { kind: 'tool error', text: error.message }
          return { kind: 'refused', code: error.code }
        }`
      // The layers are what doors have in common, so the check stays out of their way.
      const outcome = toOutcome(
        await client.callTool({ name: 'run_script', arguments: { code, check: 'off' } }),
      )
      return outcome.kind === 'content' ? (JSON.parse(outcome.text) as Outcome) : outcome
    },
    close: () => client.close(),
  }
}

function toOutcome(result: unknown): Outcome {
  const {
    content,
    isError,
    _meta: meta,
  } = result as { content: readonly JsonObject[]; isError?: boolean; _meta?: JsonObject }
  const refusal = meta?.['isogate/error']
  if (isJsonObject(refusal) && typeof refusal['code'] === 'string') {
    return { kind: 'refused', code: refusal['code'] }
  }
  return { kind: isError === true ? 'tool error' : 'content', text: textOf(content) }
}

function toRefusal(thrown: unknown): Outcome {
  const { data } = thrown as { data?: { code?: unknown } }
  if (typeof data?.code !== 'string') throw thrown
  return { kind: 'refused', code: data.code }
}
