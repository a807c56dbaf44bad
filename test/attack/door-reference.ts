import type { IncomingHttpHeaders } from 'node:http'

/**
 * What a body means and which requests are plain calls, written down a second time from the specification, strictly and
 * without a look at the door: what the door does is held against it.
 */

/** A call that a body asks for: the native name of the tool, and its arguments as JSON text. */
export interface SaidCall {
  readonly name: string
  readonly args: string
}

type Members = Readonly<Record<string, unknown>>

/** The calls of a body: what `JSON.parse` says of it, and nothing else. */
export function saidCalls(body: string | Buffer): readonly SaidCall[] {
  let value: unknown
  try {
    value = JSON.parse(body.toString('utf8'))
  } catch {
    return []
  }
  return (Array.isArray(value) ? (value as unknown[]) : [value]).flatMap((message) => {
    if (!isMembers(message) || own(message, 'method') !== 'tools/call') return []
    const params = own(message, 'params')
    const name = isMembers(params) ? own(params, 'name') : undefined
    if (!isMembers(params) || typeof name !== 'string') return []
    const args = toJson(own(params, 'arguments') ?? {})
    return [{ name: name.replace(/^(?:tools\.alpha\.|alpha\.|alpha__)/, ''), args }]
  })
}

/** What is nested too deep to be written may reach nobody anyway. */
function toJson(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch {
    return 'too deep'
  }
}

/** Why a request is no plain call of its era, in a word; undefined where it is one. */
export function faultOf(
  headers: IncomingHttpHeaders,
  body: unknown,
  era: 'legacy' | 'modern',
): string | undefined {
  if (!isMembers(body)) return 'no object'
  if (!hasExactly(body, ['jsonrpc', 'id', 'method', 'params'])) return 'other members'
  if (body['jsonrpc'] !== '2.0' || body['method'] !== 'tools/call') return 'not a call'
  const { id, params } = body
  if (typeof id !== 'string' && !(typeof id === 'number' && Number.isSafeInteger(id))) return 'id'
  if (!isMembers(params)) return 'params'
  if (Object.keys(params).some((key) => !['name', 'arguments', '_meta'].includes(key))) return 'more params'
  const name = own(params, 'name')
  if (typeof name !== 'string') return 'name'
  const meta = Object.hasOwn(params, '_meta') ? params['_meta'] : {}
  if (!isMembers(meta)) return '_meta'
  if (Object.hasOwn(meta, 'progressToken')) return 'progress'
  return era === 'modern' ? modernFault(headers, name, meta) : legacyFault(headers, meta)
}

const PREFIX = 'io.modelcontextprotocol/'

function modernFault(headers: IncomingHttpHeaders, name: string, meta: Members): string | undefined {
  if (headers['mcp-session-id'] !== undefined) return 'session'
  if (headers['mcp-protocol-version'] !== '2026-07-28') return 'version header'
  if (meta[`${PREFIX}protocolVersion`] !== '2026-07-28') return 'version'
  if (headers['mcp-method'] !== 'tools/call') return 'method header'
  const said = headers['mcp-name']
  if (typeof said !== 'string' || decode(said) !== name) return 'name header'
  const capabilities = meta[`${PREFIX}clientCapabilities`]
  if (!isMembers(capabilities) || Object.keys(capabilities).length > 0) return 'capabilities'
  const info = meta[`${PREFIX}clientInfo`]
  if (info !== undefined && !isImplementation(info)) return 'clientInfo'
  const known = ['protocolVersion', 'clientCapabilities', 'clientInfo'].map((key) => PREFIX + key)
  return Object.keys(meta).some((key) => key.startsWith(PREFIX) && !known.includes(key))
    ? 'envelope'
    : undefined
}

function legacyFault(headers: IncomingHttpHeaders, meta: Members): string | undefined {
  const version = headers['mcp-protocol-version']
  if (version !== undefined && !['2025-03-26', '2025-06-18', '2025-11-25'].includes(String(version))) {
    return 'version header'
  }
  return Object.keys(meta).some((key) => key.startsWith(PREFIX)) ? 'envelope of the other era' : undefined
}

/** Source: MCP 2026-07-28, schema, `Implementation`. */
function isImplementation(info: unknown): boolean {
  if (!isMembers(info) || typeof info['name'] !== 'string' || typeof info['version'] !== 'string')
    return false
  const texts = ['title', 'description', 'websiteUrl'].map((key) => info[key])
  if (!texts.every((text) => text === undefined || typeof text === 'string')) return false
  const { icons = [] } = info
  return Array.isArray(icons) && icons.every((icon) => isMembers(icon) && typeof icon['src'] === 'string')
}

/** Undefined for what starts and ends like base64 and is none, or is no UTF-8. */
function decode(value: string): string | undefined {
  const encoded = /^=\?base64\?(.*)\?=$/.exec(value)?.[1]
  if (encoded === undefined) return value
  const bytes = Buffer.from(encoded, 'base64')
  const text = bytes.toString('utf8')
  return bytes.toString('base64') === encoded && Buffer.from(text, 'utf8').equals(bytes) ? text : undefined
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function own(object: Members, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined
}

function hasExactly(object: Members, keys: readonly string[]): boolean {
  return Object.keys(object).length === keys.length && keys.every((key) => Object.hasOwn(object, key))
}
