import type { JsonObject } from '../../src/core/json.ts'
import { post, rpcRequest, type RawAnswer } from '../http/raw-request.ts'
import { toReply, type Reply } from './reply.ts'

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

export const WHO = { name: 'test', version: '1.0.0' }
const underscored = (tool: string): string => tool.replace('.', '__')
const own = (tool: string): string => tool.replace(/^alpha\.|^code\./, '')

/** How an MCP client speaks over Streamable HTTP: as of 2026-07-28, or as of 2025-11-25 in a session or request by request. */
export type Speech = 'modern' | 'session' | 'stateless'

/** A line over Streamable HTTP, by hand: everything that comes is seen. */
export async function httpLine(url: string, speech: Speech, secret: string): Promise<Line> {
  const era = speech === 'modern' ? 'modern' : 'legacy'
  let session: string | undefined
  const sendBody = (body: string, headers: Readonly<Record<string, string>>): Promise<RawAnswer> =>
    post(url, body, {
      ...headers,
      authorization: `Bearer ${secret}`,
      ...(session === undefined ? {} : { 'mcp-session-id': session }),
    })
  const send = (method: string, params: JsonObject = {}): Promise<RawAnswer> => {
    const { body, headers } = rpcRequest(era, method, params)
    return sendBody(body, headers)
  }
  const greeting = await send(...greetingOf(era))
  if (speech === 'session') {
    session = greeting.headers.get('mcp-session-id') ?? undefined
    const { headers } = rpcRequest(era, 'notifications/initialized')
    await sendBody(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }), headers)
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

/** A tool as MCP clients name it. */
export function mcpName(tool: string): string {
  return tool.startsWith('code.') ? own(tool) : underscored(tool)
}

function namesIn(result: Readonly<Record<string, unknown>> | undefined): string[] {
  return ((result?.['tools'] ?? []) as { readonly name: string }[]).map(({ name }) => name)
}
