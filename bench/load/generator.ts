import { Pool } from 'undici'

/** The token of the gateway under load. Not a secret: it lives as long as the benchmark. */
export const TOKEN = 'isg_load_benchmark_token'

/** What a load gave. */
export interface Load {
  readonly calls: number
  /** Sorted, milliseconds. */
  readonly latenciesMs: readonly number[]
}

const MODERN = '2026-07-28'
const OWN = 'io.modelcontextprotocol/'

/** Calls a tool in a closed loop over `connections` connections until the time is up. Rejects at the first wrong answer. */
export async function callInLoop(
  url: string,
  tool: string,
  connections: number,
  forMs: number,
): Promise<Load> {
  const { origin, pathname } = new URL(url)
  const pool = new Pool(origin, { connections })
  const latenciesMs: number[] = []
  const until = performance.now() + forMs
  const loop = async (worker: number): Promise<void> => {
    for (let index = 0; performance.now() < until; index++) {
      const text = `${worker}-${index}`
      const startedMs = performance.now()
      const response = await pool.request({
        path: pathname,
        method: 'POST',
        headers: headersOf(tool),
        body: bodyOf(tool, text),
      })
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

/** What a load at a rate gave. */
export interface PacedLoad {
  readonly calls: number
  readonly failed: number
}

/** Calls a tool at a rate, whatever the answers take, until the time is up. Counts what is not answered rightly. */
export async function callAtRate(
  url: string,
  tool: string,
  connections: number,
  perSecond: number,
  forMs: number,
): Promise<PacedLoad> {
  const { origin, pathname } = new URL(url)
  const pool = new Pool(origin, { connections })
  const startedMs = performance.now()
  const open = new Set<Promise<void>>()
  let calls = 0
  let failed = 0
  const call = async (text: string): Promise<void> => {
    try {
      const answer = await pool.request({
        path: pathname,
        method: 'POST',
        headers: headersOf(tool),
        body: bodyOf(tool, text),
      })
      if (!(await answer.body.text()).includes(text)) failed += 1
    } catch {
      failed += 1
    }
  }
  try {
    for (let elapsedMs = 0; elapsedMs < forMs; elapsedMs = performance.now() - startedMs) {
      // What is due by now: a timer that is late is made up for.
      while (calls < (elapsedMs / 1_000) * perSecond) {
        const one: Promise<void> = call(`paced-${calls++}`).finally(() => open.delete(one))
        open.add(one)
      }
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    await Promise.all(open)
  } finally {
    await pool.destroy()
  }
  return { calls, failed }
}

/** The value below which the share lies. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

function headersOf(tool: string): Record<string, string> {
  return {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    authorization: `Bearer ${TOKEN}`,
    'mcp-protocol-version': MODERN,
    'mcp-method': 'tools/call',
    'mcp-name': tool,
  }
}

function bodyOf(tool: string, text: string): string {
  const _meta = {
    [`${OWN}protocolVersion`]: MODERN,
    [`${OWN}clientInfo`]: { name: 'load', version: '1.0.0' },
    [`${OWN}clientCapabilities`]: {},
  }
  return JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: tool, arguments: { text }, _meta },
  })
}
