import type { JsonObject } from '../../src/core/json.ts'
import { TOKEN } from '../gateway/open-house.ts'

/** A response with its body as it came, and the JSON-RPC messages in it. */
export interface RawAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The messages of a JSON body or of an event stream, in their order. */
  readonly messages: readonly RpcMessage[]
  /** The message that answers the request: the last one. */
  readonly last: RpcMessage
}

/** One JSON-RPC message, unchecked. */
interface RpcMessage {
  readonly id?: unknown
  readonly method?: string
  readonly params?: Record<string, unknown>
  readonly result?: Record<string, unknown>
  readonly error?: {
    readonly code: number
    readonly message: string
    readonly data?: Record<string, unknown>
  }
}

/** The two eras of the protocol as a client speaks them. */
export type Era = 'legacy' | 'modern'

export const ERAS: readonly Era[] = ['legacy', 'modern']

const MODERN_VERSION = '2026-07-28'

/** The headers of an MCP request, with the token. */
export function mcpHeaders(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    authorization: `Bearer ${TOKEN}`,
    accept: 'application/json, text/event-stream',
    'content-type': 'application/json',
    ...more,
  }
}

/** Sends a body as it is. */
export async function post(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>> = mcpHeaders(),
): Promise<RawAnswer> {
  return readAnswer(await fetch(url, { method: 'POST', headers, body }))
}

/** The request of one era for a method: the body and the headers that belong to it. */
export function rpcRequest(
  era: Era,
  method: string,
  params: Readonly<Record<string, unknown>> = {},
  id: unknown = 1,
): { body: string; headers: Record<string, string> } {
  if (era === 'legacy') {
    const headers = mcpHeaders({ 'mcp-protocol-version': '2025-11-25' })
    return { body: JSON.stringify({ jsonrpc: '2.0', id, method, params }), headers }
  }
  const envelope = {
    'io.modelcontextprotocol/protocolVersion': MODERN_VERSION,
    'io.modelcontextprotocol/clientCapabilities': {},
    'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
  }
  const meta = { ...envelope, ...(params['_meta'] as object | undefined) }
  const { name } = params
  const headers = mcpHeaders({
    'mcp-protocol-version': MODERN_VERSION,
    'mcp-method': method,
    ...(typeof name === 'string' ? { 'mcp-name': name } : {}),
  })
  return { body: JSON.stringify({ jsonrpc: '2.0', id, method, params: { ...params, _meta: meta } }), headers }
}

/** The tools in the answer to a list. */
export function toolsIn({ last }: RawAnswer): readonly JsonObject[] {
  return (last.result?.['tools'] ?? []) as readonly JsonObject[]
}

/** Sends a request in one era, by hand: nothing is stripped on the way. */
export function rpc(
  url: string,
  era: Era,
  method: string,
  params: Readonly<Record<string, unknown>> = {},
  id: unknown = 1,
): Promise<RawAnswer> {
  const { body, headers } = rpcRequest(era, method, params, id)
  return post(url, body, headers)
}

export async function readAnswer(response: Response): Promise<RawAnswer> {
  const text = await response.text()
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true
  const messages = isStream
    ? [...text.matchAll(/^data: ?(\S.*)$/gm)].map(([, data = '']) => JSON.parse(data) as RpcMessage)
    : readJson(text)
  return { status: response.status, headers: response.headers, text, messages, last: messages.at(-1) ?? {} }
}

function readJson(text: string): RpcMessage[] {
  try {
    const value = JSON.parse(text) as RpcMessage | RpcMessage[]
    return Array.isArray(value) ? value : [value]
  } catch {
    return []
  }
}
