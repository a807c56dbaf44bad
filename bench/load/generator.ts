import { Pool } from 'undici'

/** The token of the gateway under load. Not a secret: it lives as long as the benchmark. */
export const TOKEN = 'isg_load_benchmark_token'

const MODERN = '2026-07-28'
/** The newest revision with sessions that every gateway of the benchmarks speaks. */
export const LEGACY = '2025-06-18'
const OWN = 'io.modelcontextprotocol/'

/** What is called. */
export interface Target {
  readonly url: string
  readonly tool: string
  /** Set: calls are of the older era and belong to this session; empty where the server has none. */
  readonly session?: string
  /** Set: no MCP, but a POST that names the server, as one of the peers has it. */
  readonly restServer?: string
}

/** What a load gave. */
export interface Load {
  readonly calls: number
  /** Sorted, milliseconds. */
  readonly latenciesMs: readonly number[]
}

/** Calls a tool in a closed loop over `connections` connections until the time is up. Rejects at the first wrong answer. */
export async function callInLoop(
  url: string,
  tool: string,
  connections: number,
  forMs: number,
  more: Pick<Target, 'session' | 'restServer'> = {},
): Promise<Load> {
  const { origin, pathname } = new URL(url)
  const target: Target = { url, tool, ...more }
  const headers = headersOf(target)
  const pool = new Pool(origin, { connections })
  const latenciesMs: number[] = []
  const until = performance.now() + forMs
  let id = 0
  const loop = async (worker: number): Promise<void> => {
    for (let index = 0; performance.now() < until; index++) {
      const text = `${worker}-${index}`
      const body = bodyOf(target, ++id, text)
      const startedMs = performance.now()
      const response = await pool.request({ path: pathname, method: 'POST', headers, body })
      const answer = await response.body.text()
      latenciesMs.push(performance.now() - startedMs)
      if (!answer.includes(text)) throw new Error(`wrong answer of ${url}: ${answer.slice(0, 300)}`)
    }
  }
  try {
    await Promise.all(Array.from({ length: connections }, (_, worker) => loop(worker)))
  } finally {
    await pool.destroy()
  }
  return { calls: latenciesMs.length, latenciesMs: latenciesMs.sort((a, b) => a - b) }
}

/** The value below which the share lies. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** Headers of a call, the same for all calls of a target. */
export function headersOf({ tool, session, restServer }: Target): Record<string, string> {
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    authorization: `Bearer ${TOKEN}`,
  }
  if (restServer !== undefined) return headers
  if (session === undefined)
    return { ...headers, 'mcp-protocol-version': MODERN, 'mcp-method': 'tools/call', 'mcp-name': tool }
  return {
    ...headers,
    'mcp-protocol-version': LEGACY,
    ...(session === '' ? {} : { 'mcp-session-id': session }),
  }
}

/** Body of a call that is answered with its text. */
export function bodyOf({ tool, session, restServer }: Target, id: number, text: string): string {
  if (restServer !== undefined) return JSON.stringify({ server_name: restServer, tool, arguments: { text } })
  const _meta = {
    [`${OWN}protocolVersion`]: MODERN,
    [`${OWN}clientInfo`]: { name: 'load', version: '1.0.0' },
    [`${OWN}clientCapabilities`]: {},
  }
  return JSON.stringify({
    jsonrpc: '2.0',
    id,
    method: 'tools/call',
    params: { name: tool, arguments: { text }, ...(session === undefined ? { _meta } : {}) },
  })
}
