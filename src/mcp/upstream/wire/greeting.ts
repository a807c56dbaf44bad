import { isJsonObject, type JsonObject } from '../../../core/json.ts'

/** Where an answer without a handshake says who gives it. Source: MCP 2026-07-28, basic, "Results". */
const SERVER_INFO = 'io.modelcontextprotocol/serverInfo'

/** The name that a server gives itself in its answer to `initialize` or `server/discover`. */
export function nameIn({ serverInfo, _meta: meta }: JsonObject): string | undefined {
  const info = serverInfo ?? (isJsonObject(meta) ? meta[SERVER_INFO] : undefined)
  const name = isJsonObject(info) ? info['name'] : undefined
  return typeof name === 'string' ? name : undefined
}
