import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

import { openGateway, systemClock } from '../../src/assemble.ts'
import { compileConfig } from '../../src/config/compile.ts'
import { createReadFile } from '../../src/config/files.ts'
import { checkConfigText } from '../../src/config/load.ts'
import type { Backend } from '../../src/core/ports.ts'
import type { Result } from '../../src/core/result.ts'

/** A whole gateway in this process, with one server whose tools answer at once or after 20 ms. */
export interface BenchGateway {
  readonly runScript: (code: string) => Promise<Result>
  readonly callTool: () => Promise<Result>
  readonly close: () => Promise<void>
}

const CONFIG = {
  servers: { bench: { command: 'none', limits: { concurrency: 1_000, queue: 10_000 } } },
  policy: { auto: ['*'] },
  sandbox: { limits: { parallelCalls: 128, calls: 10_000, callsPerTool: 10_000 } },
}

function fail(detail: object): never {
  throw new Error(JSON.stringify(detail))
}

/**
 * Opens the gateway with all of its layers and the real sandbox; only the upstream is a function.
 *
 * @param more further keys of the configuration
 */
export async function openBenchGateway(more: object = {}): Promise<BenchGateway> {
  const source = { env: {}, readFile: createReadFile() }
  const checked = await checkConfigText(JSON.stringify({ ...CONFIG, ...more }), 'bench.json', source)
  if (!checked.ok) throw new Error(JSON.stringify(checked.issues))
  const plan = compileConfig(checked.config, checked.baseDir)
  const gateway = openGateway(plan, {
    clock: systemClock,
    version: '0.0.0',
    log: { error: fail, warn: () => {}, info: () => {}, debug: () => {}, isDebugging: false },
    createUpstream: ({ name }) => createTimedBackend(name),
  })
  const principal = { id: 'bench', kind: 'local' } as const
  const call = (server: string, name: string, args: Record<string, string>): Promise<Result> =>
    gateway.handler({
      id: randomUUID(),
      door: 'cli',
      principal,
      tool: { server, name },
      args,
      signal: new AbortController().signal,
    })
  return {
    async runScript(code) {
      const result = await call('code', 'run_script', { code })
      if (result.isError === true) throw new Error(JSON.stringify(result.content))
      return result
    },
    callTool: () => call('bench', 'instant', {}),
    close: gateway.close,
  }
}

function createTimedBackend(server: string): Backend {
  const inputSchema = { type: 'object', properties: { index: { type: 'integer' } } }
  const tools = ['instant', 'slow'].map((name) => ({
    ref: { server, name },
    inputSchema,
    definition: { name, inputSchema },
  }))
  return {
    server,
    status: () => ({ state: 'ready' }),
    tools: () => tools,
    quarantined: () => [],
    onChange: () => () => {},
    settled: () => Promise.resolve(),
    async call({ tool, args }) {
      if (tool.name === 'slow') await sleep(20)
      return { content: [], structuredContent: { index: args['index'] ?? 0 } }
    },
    close: () => Promise.resolve(),
  }
}
