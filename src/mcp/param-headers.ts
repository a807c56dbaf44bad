import { isJsonObject } from '../core/json.ts'
import type { Json, JsonObject } from '../core/json.ts'
import { encodeHeaderValue } from './header-value.ts'

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/
const MAX_DEPTH = 16
const MAX_VALUE_CHARACTERS = 4_096

/**
 * The `Mcp-Param-*` headers of a call: a 2026-07-28 server that marks an argument with `x-mcp-header` refuses a
 * call over HTTP whose header does not repeat the argument. The SDK does this only in its typed `callTool`.
 *
 * Source: MCP 2026-07-28, Streamable HTTP, "Schema Extension".
 */
export function paramHeaders(inputSchema: JsonObject, args: JsonObject): Record<string, string> {
  const headers: Record<string, string> = {}
  collect(inputSchema, args, headers, 0)
  return headers
}

function collect(schema: JsonObject, args: JsonObject, headers: Record<string, string>, depth: number): void {
  const properties = schema['properties']
  if (!isJsonObject(properties) || depth > MAX_DEPTH) return
  for (const [key, property] of Object.entries(properties)) {
    if (!isJsonObject(property) || !Object.hasOwn(args, key)) continue
    const value = args[key]
    const name = property['x-mcp-header']
    const text = typeof name === 'string' && TOKEN.test(name) ? toText(value) : undefined
    if (text !== undefined) headers[`Mcp-Param-${name as string}`] = encodeHeaderValue(text)
    if (isJsonObject(value)) collect(property, value, headers, depth + 1)
  }
}

function toText(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value.length <= MAX_VALUE_CHARACTERS ? value : undefined
  if (typeof value === 'boolean') return String(value)
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : undefined
}
