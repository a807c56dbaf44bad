import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

import { SERVER } from './gateways.ts'

/** The server without any gateway: what its calls take over its own pipe. */
export interface DirectServer {
  /** Calls it one after the other; sorted, milliseconds. */
  readonly callInLoop: (forMs: number) => Promise<readonly number[]>
  readonly stop: () => Promise<void>
}

/** Starts the server behind the gateways for this process alone. */
export function startDirectServer(): DirectServer {
  const child = spawn(process.execPath, [SERVER], { stdio: ['pipe', 'pipe', 'inherit'] })
  const waiting = new Map<number, () => void>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { id } = JSON.parse(line) as { readonly id: number }
    waiting.get(id)?.()
    waiting.delete(id)
  })
  let id = 0
  const call = (): Promise<void> =>
    new Promise((resolve) => {
      waiting.set(++id, resolve)
      const params = { name: 'echo', arguments: { text: String(id) } }
      child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params })}\n`)
    })
  return {
    async callInLoop(forMs) {
      const latenciesMs: number[] = []
      const until = performance.now() + forMs
      while (performance.now() < until) {
        const startedMs = performance.now()
        await call()
        latenciesMs.push(performance.now() - startedMs)
      }
      return latenciesMs.sort((a, b) => a - b)
    },
    async stop() {
      const gone = once(child, 'exit')
      child.stdin.end()
      await gone
    },
  }
}
