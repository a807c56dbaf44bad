import type { JsonObject } from '../core/json.ts'

/** Source: MCP 2026-07-28, Streamable HTTP, "Standard Request Headers". */
const NAMED_BY: Readonly<Record<string, string>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
  'tasks/get': 'taskId',
  'tasks/update': 'taskId',
  'tasks/cancel': 'taskId',
}

/** The member of the parameters of a method that the header `Mcp-Name` repeats; undefined where it repeats none. */
export function namedBy(method: string): string | undefined {
  return Object.hasOwn(NAMED_BY, method) ? NAMED_BY[method] : undefined
}

/** What the header `Mcp-Name` of a request says; undefined where it has none. */
export function nameOf(method: string, params: JsonObject): string | undefined {
  const member = namedBy(method)
  const name = member === undefined ? undefined : params[member]
  return typeof name === 'string' ? name : undefined
}
