import { isJsonObject, type JsonObject } from '../../../core/json.ts'
import { replyOf, type Result } from '../../../core/result.ts'
import { serverInfo } from '../answer.ts'
import { protocolError, type ProtocolError } from '../protocol-error.ts'

/** The revision without a handshake. */
export const MODERN_VERSION = '2026-07-28'

/** Source: MCP 2026-07-28, basic, "Error Codes". */
const UNSUPPORTED_VERSION = -32022

/** The refusal of a request of a revision that is not spoken here. */
export function unsupportedVersion(requested = 'unknown'): ProtocolError {
  const data = { supported: [MODERN_VERSION], requested }
  return protocolError(UNSUPPORTED_VERSION, `Unsupported protocol version: ${requested}`, data)
}

const KEY = 'io.modelcontextprotocol/'
/** The member of a result's `_meta` that says who answers. */
export const SERVER_INFO = `${KEY}serverInfo`
/** The member of a request's `_meta` that says who asks. */
export const CLIENT_INFO = `${KEY}clientInfo`

/** Results that say how long they may be kept, and by whom. Source: MCP 2026-07-28, "Caching". */
const CACHEABLE: readonly string[] = [
  'server/discover',
  'tools/list',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
  'resources/read',
]

/** What a request says of its sender. */
export interface Envelope {
  readonly capabilities: JsonObject
  /** Who it is, as it came. */
  readonly clientInfo: unknown
  readonly logLevel?: string
}

/** Reads the envelope of a request that has been found to have one. */
export function readEnvelope(params: JsonObject): Envelope {
  const meta = isJsonObject(params['_meta']) ? params['_meta'] : {}
  const capabilities = meta[`${KEY}clientCapabilities`]
  const logLevel = meta[`${KEY}logLevel`]
  return {
    capabilities: isJsonObject(capabilities) ? capabilities : {},
    clientInfo: meta[CLIENT_INFO],
    ...(typeof logLevel === 'string' ? { logLevel } : {}),
  }
}

/** A result with what every result of this era carries. Source: MCP 2026-07-28, basic, "Results". */
export function toModernResult(result: Result | JsonObject, method: string, version: string): object {
  const { resultType = 'complete', _meta = {} } = replyOf(result as Result) ?? result
  const isCacheable = CACHEABLE.includes(method) && resultType === 'complete'
  return {
    ...result,
    resultType,
    // What a principal sees depends on who it is, so nobody may share it, whatever the server of it says.
    ...(isCacheable ? { ttlMs: result['ttlMs'] ?? 0, cacheScope: 'private' } : {}),
    _meta: { [SERVER_INFO]: serverInfo(version), ...(isJsonObject(_meta) ? _meta : {}) },
  }
}
