import { isJsonObject } from '../core/json.ts'
import type { Json, JsonObject } from '../core/json.ts'
import { encodeHeaderValue } from './header-value.ts'

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/
const MAX_DEPTH = 16
const MAX_VALUE_CHARACTERS = 4_096

/** Schemas that were looked at, and whether any argument of theirs is repeated in a header. */
const marked = new WeakMap<JsonObject, boolean>()

/** True where an argument is repeated in a header: nearly no tool asks for it, and every call has to know. */
export function isMarked(inputSchema: JsonObject): boolean {
  let is = marked.get(inputSchema)
  if (is === undefined) {
    is = JSON.stringify(inputSchema).includes('"x-mcp-header"')
    marked.set(inputSchema, is)
  }
  return is
}

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

const MARK = 'x-mcp-header'
const HEADER_TYPES: readonly unknown[] = ['string', 'integer', 'boolean']

/**
 * What is wrong with the marks of a schema; undefined where nothing is. A client must not use a tool whose marks are wrong: a
 * server, or what stands before it, would read other values in the headers than in the body.
 *
 * Source: MCP 2026-07-28, Streamable HTTP, "Schema Extension".
 */
export function describeHeaderFault(inputSchema: JsonObject): string | undefined {
  const seen = new Set<string>()
  let marks = 0

  function visit(schema: JsonObject, depth: number): string | undefined {
    const { properties } = schema
    if (!isJsonObject(properties) || depth > MAX_DEPTH) return undefined
    for (const [key, property] of Object.entries(properties)) {
      if (!isJsonObject(property)) continue
      const fault = Object.hasOwn(property, MARK) ? faultOf(key, property) : undefined
      if (fault !== undefined) return fault
      const inner = visit(property, depth + 1)
      if (inner !== undefined) return inner
    }
    return undefined
  }

  function faultOf(key: string, { [MARK]: name, type }: JsonObject): string | undefined {
    marks += 1
    if (typeof name !== 'string' || !TOKEN.test(name))
      return `The ${MARK} of "${key}" is no name of a header.`
    if (!HEADER_TYPES.includes(type)) return `The ${MARK} of "${key}" is on no text, integer or boolean.`
    const lower = name.toLowerCase()
    if (seen.has(lower)) return `The ${MARK} "${name}" is there twice.`
    seen.add(lower)
    return undefined
  }

  const text = JSON.stringify(inputSchema)
  if (!text.includes(`"${MARK}"`)) return undefined
  const fault = visit(inputSchema, 0)
  if (fault !== undefined) return fault
  // Inside of a list, a choice or a definition it is not sure which value a header stands for.
  const all = text.split(`"${MARK}":`).length - 1
  return all > marks ? `An ${MARK} stands where no property of the arguments does.` : undefined
}
