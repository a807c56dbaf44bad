import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'

import { Client as ModernClient } from '@modelcontextprotocol/client'
import { StdioClientTransport as ModernStdio } from '@modelcontextprotocol/client/stdio'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'

import { GatewayError } from '../../src/core/errors.ts'
import { isJsonObject, type JsonObject } from '../../src/core/json.ts'
import { toolKey } from '../../src/core/tool.ts'
import { post, readAnswer, rpcRequest, type RawAnswer } from '../http/raw-request.ts'
import type { GovernedHouse } from './house.ts'

/** What one use of a tool gave, in the same words for every line. */
export interface Reply {
  /** Absent where it was refused. */
  readonly result?: JsonObject
  readonly refusal?: { readonly code: string; readonly detail: JsonObject }
  /** All that came, as text. */
  readonly text: string
  readonly status?: number
  readonly retryAfter?: string | null
}

/** One way into a gateway. */
export interface Line {
  /** @param name As the line spells it. */
  readonly use: (name: string, args: JsonObject) => Promise<Reply>
  readonly spell: (tool: string) => string
  /** The names of the tools that are listed, and all that is said to whoever connects. */
  readonly list: () => Promise<{ readonly names: readonly string[]; readonly text: string }>
  /** Absent: it is released with its house. */
  readonly release?: () => void
  readonly close: () => Promise<void>
}

const WHO = { name: 'test', version: '1.0.0' }
const underscored = (tool: string): string => tool.replace('.', '__')
const own = (tool: string): string => tool.replace(/^alpha\.|^code\./, '')

/** How an MCP client speaks over Streamable HTTP: as of 2026-07-28, or as of 2025-11-25 in a session or request by request. */
export type Speech = 'modern' | 'session' | 'stateless'

/** A line over Streamable HTTP, by hand: everything that comes is seen. */
export async function httpLine(url: string, speech: Speech, secret: string): Promise<Line> {
  const era = speech === 'modern' ? 'modern' : 'legacy'
  let session: string | undefined
  const send = (method: string, params: JsonObject = {}, id?: number | null): Promise<RawAnswer> => {
    const { body, headers } = rpcRequest(era, method, params, id === null ? undefined : (id ?? 1))
    return post(url, body, {
      ...headers,
      authorization: `Bearer ${secret}`,
      ...(session === undefined ? {} : { 'mcp-session-id': session }),
    })
  }
  const greeting = await send(...greetingOf(era))
  if (speech === 'session') {
    session = greeting.headers.get('mcp-session-id') ?? undefined
    await send('notifications/initialized', {}, null)
  }
  return {
    spell: url.includes('/mcp/s/') ? own : mcpName,
    use: async (name, args) => toReply(await send('tools/call', { name, arguments: args })),
    list: async () => {
      const [greeted, listed] = await Promise.all([
        speech === 'session' ? greeting : send(...greetingOf(era)),
        send('tools/list'),
      ])
      return { names: namesIn(listed.last.result), text: greeted.text + listed.text }
    },
    close: () => Promise.resolve(),
  }
}

function greetingOf(era: 'modern' | 'legacy'): [string, JsonObject] {
  if (era === 'modern') return ['server/discover', {}]
  return ['initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: WHO }]
}

function mcpName(tool: string): string {
  return tool.startsWith('code.') ? own(tool) : underscored(tool)
}

/** The answer of an HTTP door as a reply; of an error of the door itself too. */
export function toReply({ last, status, headers, text }: RawAnswer): Reply {
  const http = { text, status, retryAfter: headers.get('retry-after') }
  const { result, error } = last
  if (error?.data !== undefined) return { ...http, ...refusalOf(error.data as JsonObject) }
  return { ...http, ...ofResult((result ?? {}) as JsonObject) }
}

function refusalOf({ code, ...detail }: JsonObject): Pick<Reply, 'refusal'> {
  return { refusal: toRefusal({ code: code ?? null, detail }) }
}

function ofResult(result: JsonObject): Pick<Reply, 'result' | 'refusal'> {
  const meta = result['_meta']
  const refused = isJsonObject(meta) ? meta['isogate/error'] : undefined
  if (!isJsonObject(refused)) return { result }
  return { refusal: toRefusal(refused) }
}

function toRefusal({ code, detail }: JsonObject): NonNullable<Reply['refusal']> {
  return { code: typeof code === 'string' ? code : '', detail: isJsonObject(detail) ? detail : {} }
}

function namesIn(result: Readonly<Record<string, unknown>> | undefined): string[] {
  return ((result?.['tools'] ?? []) as { readonly name: string }[]).map(({ name }) => name)
}

/** What the clients of both SDKs have in common. */
interface AnyClient {
  readonly callTool: (params: { name: string; arguments: Record<string, unknown> }) => Promise<unknown>
  readonly listTools: () => Promise<{ readonly tools: readonly { readonly name: string }[] }>
  readonly getInstructions: () => string | undefined
  readonly close: () => Promise<void>
}

function sdkLine(client: AnyClient): Line {
  return {
    spell: mcpName,
    use: (name, args) =>
      client.callTool({ name, arguments: { ...args } }).then(
        (result) => ({ ...ofResult(result as JsonObject), text: JSON.stringify(result) }),
        (thrown: unknown) => {
          const { code, message, data } = thrown as { code: number; message: string; data?: JsonObject }
          if (data === undefined) throw thrown
          return { ...refusalOf(data), text: JSON.stringify({ code, message, data }) }
        },
      ),
    list: async () => {
      const { tools } = await client.listTools()
      const text = JSON.stringify([tools, client.getInstructions()])
      return { names: tools.map(({ name }) => name), text }
    },
    close: () => client.close(),
  }
}

/** A line over the HTTP+SSE of 2024-11-05. */
export async function sseLine(url: string, secret: string): Promise<Line> {
  const client = new Client(WHO)
  const headers = { authorization: `Bearer ${secret}` }
  await client.connect(new SSEClientTransport(new URL(url), { requestInit: { headers } }))
  return sdkLine(client)
}

/** A line to a gateway of its own, which is another process with the store of the house. */
export async function stdioLine({ folder }: GovernedHouse, era: 'modern' | 'legacy'): Promise<Line> {
  const program = {
    command: process.execPath,
    args: [fileURLToPath(new URL('stdio-house.ts', import.meta.url)), folder],
  }
  const transport = era === 'modern' ? new ModernStdio(program) : new StdioClientTransport(program)
  const client =
    era === 'modern'
      ? new ModernClient(WHO, { versionNegotiation: { mode: { pin: '2026-07-28' } } })
      : new Client(WHO)
  // Each client goes with the transport of its own SDK.
  await client.connect(transport)
  return {
    ...sdkLine(client),
    release: () => void process.kill(transport.pid ?? 0, 'SIGUSR2'),
  }
}

/** A line over REST. */
export function restLine(url: string, secret: string): Line {
  const authorization = `Bearer ${secret}`
  return {
    spell: (tool) => tool,
    use: async (name, args) => {
      const path = name.split('.').map(encodeURIComponent).join('/')
      const answer = await fetch(`${url}/v1/tools/${path}/call`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify(args),
      })
      const { status, headers, text, messages } = await readAnswer(answer)
      const [body = {}] = messages as JsonObject[]
      const { error } = body
      return {
        text,
        status,
        retryAfter: headers.get('retry-after'),
        ...(isJsonObject(error) ? { refusal: toRefusal(error) } : { result: body }),
      }
    },
    list: async () => {
      const text = await (await fetch(`${url}/v1/tools`, { headers: { authorization } })).text()
      const { tools = [] } = JSON.parse(text) as { tools?: { server: string; name: string }[] }
      return { names: tools.map(({ server, name }) => `${server}.${name}`), text }
    },
    close: () => Promise.resolve(),
  }
}

/** The command line, from where it has read its words. */
export async function cliLine({ gateway }: GovernedHouse, key: string): Promise<Line> {
  const principal = await gateway.principalOf(key)
  return {
    spell: (tool) => tool,
    use: (tool, args) => {
      const [server = '', name = ''] = tool.split('.')
      return gateway
        .handler(
          Object.freeze({
            id: randomUUID(),
            door: 'cli',
            principal,
            tool: { server, name },
            args,
            signal: new AbortController().signal,
          }),
        )
        .then(
          (result) => ({ result: result as unknown as JsonObject, text: JSON.stringify(result) }),
          (thrown: unknown) => {
            if (!(thrown instanceof GatewayError)) throw thrown
            const { code, message, detail } = thrown
            return {
              refusal: { code, detail },
              text: JSON.stringify({ code, message, detail }),
            }
          },
        )
    },
    list: () => {
      const names = gateway.visibleTools(principal, 'cli').map(({ ref }) => toolKey(ref))
      return Promise.resolve({ names, text: names.join('\n') })
    },
    close: () => Promise.resolve(),
  }
}
