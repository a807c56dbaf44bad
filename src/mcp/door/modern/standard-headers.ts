import type { IncomingHttpHeaders } from 'node:http'

import { isJsonObject, type JsonObject } from '../../../core/json.ts'
import { namedBy } from '../../named-by.ts'
import { isMarked, paramHeaders } from '../../param-headers.ts'
import { decodeHeaderValue } from '../../header-value.ts'
import { protocolError, type ProtocolError } from '../protocol-error.ts'

/** Headers and body say different things. Source: MCP 2026-07-28, Streamable HTTP, "Standard Request Headers". */
const HEADER_MISMATCH = -32020

/**
 * What is wrong with the headers of a 2026-07-28 request whose version and method have been compared with the body already;
 * undefined where nothing is.
 */
export function checkStandardHeaders(
  headers: IncomingHttpHeaders,
  method: string,
  params: JsonObject,
): ProtocolError | undefined {
  if (headers['mcp-protocol-version'] === undefined) return missing('MCP-Protocol-Version')
  if (headers['mcp-method'] === undefined) return missing('Mcp-Method')
  const member = namedBy(method)
  if (member === undefined) return undefined
  const said = headers['mcp-name']
  const meant = params[member]
  if (said === undefined) return typeof meant === 'string' ? missing('Mcp-Name') : undefined
  const name = typeof said === 'string' ? decodeHeaderValue(said) : undefined
  if (name === undefined) return mismatch('Mcp-Name', 'its base64 cannot be read')
  return typeof meant === 'string' && name !== meant
    ? mismatch('Mcp-Name', `the body has another \`${member}\``)
    : undefined
}

/**
 * What is wrong with the `Mcp-Param-*` headers of a call; undefined where nothing is.
 * Source: MCP 2026-07-28, Streamable HTTP, "Schema Extension".
 *
 * @param inputSchema Of the tool, as it is listed.
 */
export function checkParamHeaders(
  headers: IncomingHttpHeaders,
  inputSchema: JsonObject,
  args: unknown,
): ProtocolError | undefined {
  if (!isMarked(inputSchema) || !isJsonObject(args)) return undefined
  for (const [header, expected] of Object.entries(paramHeaders(inputSchema, args))) {
    const said = headers[header.toLowerCase()]
    if (said === undefined) return missing(header)
    const value = typeof said === 'string' ? decodeHeaderValue(said) : undefined
    if (value === undefined) return mismatch(header, 'its base64 cannot be read')
    const meant = decodeHeaderValue(expected)
    if (value !== meant && !isSameNumber(value, meant)) return mismatch(header, 'the body has another value')
  }
  return undefined
}

/** `42.0` is `42`. */
function isSameNumber(a: string, b: string | undefined): boolean {
  const decimal = /^-?\d+(?:\.\d+)?$/
  return b !== undefined && decimal.test(a) && decimal.test(b) && Number(a) === Number(b)
}

function missing(header: string): ProtocolError {
  return mismatch(header, 'it is missing')
}

function mismatch(header: string, why: string): ProtocolError {
  return protocolError(HEADER_MISMATCH, `The header ${header} does not agree with the body: ${why}.`, {
    header,
  })
}
