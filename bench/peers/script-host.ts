/**
 * Runs scripts through a runner, in a process of its own. Arguments: `isogate`, or the folder where the packages of the peer are. A message asks for
 * as many runs of a script as it says; the answer has their times and the processor time of all processes that did it.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'

import { openBenchGateway } from '../micro/gateway.ts'
import { readCpuUs } from './program.ts'
import type { ScriptAnswer, ScriptJob } from './scripts.ts'

/** Gives what the script returns. */
type Runner = (code: string) => Promise<unknown>

const [runner = 'isogate'] = process.argv.slice(2)
const run = runner === 'isogate' ? await openOwn() : await openCodeMode(runner)
process.on('message', (job: ScriptJob) => void answer(job))
process.on('disconnect', () => process.exit())
process.send?.({ ready: true })

async function answer({ code, runs, pauseMs, expected }: ScriptJob): Promise<void> {
  try {
    const timesMs: number[] = []
    const before = cpuUsOfAll()
    for (let index = 0; index < runs; index++) {
      if (pauseMs > 0) await sleep(pauseMs)
      const startedMs = performance.now()
      const value = await run(code)
      timesMs.push(performance.now() - startedMs)
      if (value !== expected) throw new Error(`the script gave ${JSON.stringify(value)?.slice(0, 300)}`)
    }
    process.send?.({ timesMs, cpuUs: (cpuUsOfAll() - before) / runs } satisfies ScriptAnswer)
  } catch (error) {
    process.send?.({ error: String(error) } satisfies ScriptAnswer)
  }
}

/** Of this process and of those that it has started: the cells of the gateway. */
function cpuUsOfAll(): number {
  const { user, system } = process.cpuUsage()
  const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'latin1')
  const others = children.split(' ').filter(Boolean).map(Number)
  return others.reduce((sum, pid) => sum + readCpuUs(pid), user + system)
}

async function openOwn(): Promise<Runner> {
  // The peer does not check types: neither is it done here.
  const gateway = await openBenchGateway({ codeMode: { check: 'off' } })
  return async (code) => {
    const { content } = await gateway.runScript(`const { bench } = tools\n${code}`)
    const [first] = content as readonly { readonly text?: string }[]
    return JSON.parse(first?.text ?? 'null') as unknown
  }
}

/** What is used of the peer, as its README has it. */
interface CodeModeModule {
  readonly CodeModeUtcpClient: { readonly create: () => Promise<CodeModeClient> }
}
interface CodeModeClient {
  readonly registerManual: (template: object) => Promise<unknown>
  readonly callToolChain: (
    code: string,
    timeoutMs: number,
  ) => Promise<{ result: unknown; logs: readonly string[] }>
}
interface DirectCallModule {
  readonly addFunctionToUtcpDirectCall: (name: string, work: (...args: never[]) => Promise<unknown>) => void
}

async function openCodeMode(folder: string): Promise<Runner> {
  const load = createRequire(pathToFileURL(join(folder, 'package.json')))
  const { CodeModeUtcpClient } = load('@utcp/code-mode') as CodeModeModule
  const { addFunctionToUtcpDirectCall } = load('@utcp/direct-call') as DirectCallModule
  addFunctionToUtcpDirectCall('instant', (args: unknown) =>
    Promise.resolve({
      index: typeof args === 'object' && args !== null && 'index' in args ? args.index : args,
    }),
  )
  addFunctionToUtcpDirectCall('manual', () =>
    Promise.resolve({
      utcp_version: '0.2.0',
      tools: [
        {
          name: 'instant',
          description: 'Gives back what it got.',
          inputs: { type: 'object', properties: { index: { type: 'integer' } } },
          outputs: { type: 'object', properties: { index: { type: 'integer' } } },
          tool_call_template: { call_template_type: 'direct-call', callable_name: 'instant' },
        },
      ],
    }),
  )
  const client = await CodeModeUtcpClient.create()
  await client.registerManual({ name: 'bench', call_template_type: 'direct-call', callable_name: 'manual' })
  return async (code) => {
    const { result, logs } = await client.callToolChain(code, 30_000)
    if (result === null) throw new Error(logs.at(-1) ?? 'nothing came back')
    return result
  }
}
