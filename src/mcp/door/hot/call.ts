import type { IncomingHttpHeaders } from 'node:http'

import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts'
import { decodeHeaderValue } from '../../header-value.ts'
import { CLIENT_INFO, MODERN_VERSION } from '../modern/wire.ts'

/** A plain `tools/call`, read without the SDK. */
export interface HotCall {
  readonly id: string | number
  readonly era: 'legacy' | 'modern'
  readonly name: string
  readonly params: JsonObject
  /** Who asks, where the request says so. */
  readonly clientInfo: unknown
}

const LEGACY: readonly string[] = ['2025-03-26', '2025-06-18', '2025-11-25']
const OWN_KEY = 'io.modelcontextprotocol/'
const PARAMS: readonly string[] = ['name', 'arguments', '_meta']
const MESSAGE: readonly string[] = ['jsonrpc', 'id', 'method', 'params']

/**
 * Reads a request that needs nothing but an answer: a `tools/call` without progress and without anything unusual
 * in it; whether its session allows it is for the door to see. Undefined for all else, which the SDK then reads and, where it is wrong, refuses; so every
 * rule of the protocol that is not written here still holds. Whatever is not understood completely is not hot.
 *
 * Sources: MCP 2026-07-28, basic/transports, "Streamable HTTP" (headers equal the body) and basic (the envelope in
 * `_meta`); MCP 2025-11-25, basic/transports, "Protocol Version Header".
 */
export function readHotCall(headers: IncomingHttpHeaders, body: Json): HotCall | undefined {
  if (!isJsonObject(body) || body['jsonrpc'] !== '2.0' || body['method'] !== 'tools/call') return undefined
  const { id, params } = body
  if (typeof id !== 'string' && !Number.isSafeInteger(id)) return undefined
  if (!isJsonObject(params) || !hasOnly(body, MESSAGE) || !hasOnly(params, PARAMS)) return undefined
  if (!/\bapplication\/json\b/.test(headers.accept ?? '')) return undefined
  const { name, _meta: meta = {} } = params
  if (headers['mcp-session-id'] !== undefined && headers['mcp-protocol-version'] === MODERN_VERSION)
    return undefined
  if (typeof name !== 'string' || !isJsonObject(meta) || meta['progressToken'] !== undefined) return undefined
  const era = isModern(headers, name, meta) ? 'modern' : isLegacy(headers, meta) ? 'legacy' : undefined
  return era === undefined
    ? undefined
    : { id: id as string | number, era, name, params, clientInfo: meta[CLIENT_INFO] }
}

function isModern(headers: IncomingHttpHeaders, name: string, meta: JsonObject): boolean {
  const envelope = Object.keys(meta).filter((key) => key.startsWith(OWN_KEY))
  const client = meta[CLIENT_INFO]
  return (
    headers['mcp-protocol-version'] === MODERN_VERSION &&
    headers['mcp-method'] === 'tools/call' &&
    typeof headers['mcp-name'] === 'string' &&
    decodeHeaderValue(headers['mcp-name']) === name &&
    meta[`${OWN_KEY}protocolVersion`] === MODERN_VERSION &&
    isEmptyObject(meta[`${OWN_KEY}clientCapabilities`]) &&
    (client === undefined || isPlainClient(client)) &&
    envelope.length === (client === undefined ? 2 : 3)
  )
}

/** Members that are texts; the icons of one that has them are left to the long way. */
function isPlainClient(client: Json): boolean {
  return (
    isJsonObject(client) &&
    client['name'] !== undefined &&
    client['version'] !== undefined &&
    Object.entries(client).every(([key, member]) => key !== 'icons' && typeof member === 'string')
  )
}

function isLegacy(headers: IncomingHttpHeaders, meta: JsonObject): boolean {
  const version = headers['mcp-protocol-version']
  return (
    (version === undefined || (typeof version === 'string' && LEGACY.includes(version))) &&
    headers['mcp-method'] === undefined &&
    !Object.keys(meta).some((key) => key.startsWith(OWN_KEY))
  )
}

/** A client that declares something may have to be asked, or told. */
function isEmptyObject(value: unknown): boolean {
  return isJsonObject(value) && Object.keys(value).length === 0
}

function hasOnly(object: JsonObject, allowed: readonly string[]): boolean {
  return Object.keys(object).every((key) => allowed.includes(key))
}
