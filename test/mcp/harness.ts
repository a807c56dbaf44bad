import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Call } from '../../src/core/call.ts'
import type { JsonObject } from '../../src/core/json.ts'
import type { Backend } from '../../src/core/ports.ts'
import { createUpstream } from '../../src/mcp/upstream/upstream.ts'
import type { HttpPlan, StdioPlan, UpstreamDeps, UpstreamPlan } from '../../src/mcp/plan.ts'

/** What the gateway would write to its log. */
export interface Logged {
  readonly level: string
  readonly detail: object
  readonly message: string
}

const LIMITS = { concurrency: 8, queue: 64, maxMessageBytes: 4 * 1_024 * 1_024 }
const TIMEOUTS = { connectMs: 20_000, listMs: 10_000, callMs: 60_000 }

/** The path of a fixture server. */
function fixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/servers/${name}.ts`, import.meta.url))
}

/** A plan that runs a fixture server with this Node. */
export function stdioPlan(
  name: string,
  args: readonly string[] = [],
  more: Partial<StdioPlan> = {},
): StdioPlan {
  return {
    name: 'fixture',
    kind: 'stdio',
    command: process.execPath,
    args: [fixture(name), ...args],
    env: {},
    timeouts: TIMEOUTS,
    limits: LIMITS,
    ...more,
  }
}

/** A plan for a server behind HTTP. */
export function httpPlan(url: string, more: Partial<HttpPlan> = {}): HttpPlan {
  return { name: 'fixture', kind: 'http', url, headers: {}, timeouts: TIMEOUTS, limits: LIMITS, ...more }
}

const open: Backend[] = []

/** Makes an upstream that `closeAll` ends. */
export function start(
  plan: UpstreamPlan,
  more: Partial<UpstreamDeps> = {},
): { backend: Backend; log: Logged[] } {
  const log: Logged[] = []
  const at = (level: string) => (detail: object, message: string) => void log.push({ level, detail, message })
  const deps: UpstreamDeps = {
    clock: { nowMs: () => Date.now(), monotonicMs: () => performance.now() },
    log: { debug: at('debug'), info: at('info'), warn: at('warn') },
    version: '0.0.0',
    random: () => 0,
    ...more,
  }
  const backend = createUpstream(plan, deps)
  open.push(backend)
  return { backend, log }
}

/** Makes an upstream and waits for its first attempt. */
export async function settle(
  plan: UpstreamPlan,
  more: Partial<UpstreamDeps> = {},
): Promise<{ backend: Backend; log: Logged[] }> {
  const started = start(plan, more)
  await started.backend.settled()
  return started
}

/** Ends every upstream of the test. */
export async function closeAll(): Promise<void> {
  await Promise.all(open.splice(0).map((backend) => backend.close()))
}

/** A call of a tool of the backend. */
export function callOf(name: string, args: JsonObject = {}, more: Partial<Call> = {}): Call {
  return {
    id: 'call-1',
    door: 'cli',
    principal: { id: 'local', kind: 'local' },
    tool: { server: 'fixture', name },
    args,
    signal: new AbortController().signal,
    ...more,
  }
}

/** Waits until something holds. Fails with its last error, or after 20 s. */
export async function eventually(check: () => void | Promise<void>, withinMs = 20_000): Promise<void> {
  const until = Date.now() + withinMs
  for (;;) {
    try {
      return await check()
    } catch (error) {
      if (Date.now() > until) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

/** True while the process runs; a zombie that nobody has collected counts as gone. */
export async function isRunning(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  if (!existsSync('/proc/self/stat')) return true
  // Gone between the two looks: then there is nothing to read any more.
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return stat !== '' && !/\) Z /.test(stat)
}

/** JSON with the keys of every object in order: equal texts are equal up to key order. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  )
}
