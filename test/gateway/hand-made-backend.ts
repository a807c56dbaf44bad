import type { Call } from '../../src/core/call.ts'
import { isJsonObject, type JsonObject } from '../../src/core/json.ts'
import type { Backend, BackendStatus } from '../../src/core/ports.ts'
import { textResult, type Result } from '../../src/core/result.ts'
import type { ToolSpec } from '../../src/core/tool.ts'

/** A tool of a hand-made backend. Without an answer it says its own name. */
export interface HandMadeTool {
  readonly inputSchema?: JsonObject
  /** Further members of the definition. */
  readonly extra?: JsonObject
  readonly answer?: (call: Call) => Result | Promise<Result>
}

/** A backend made by hand through the port: it keeps every call that reaches it. */
export interface HandMadeBackend extends Backend {
  readonly calls: readonly Call[]
  /** Announces other tools. */
  readonly become: (tools: Readonly<Record<string, HandMadeTool>>) => void
  /** Announces another status, with the tools as they were. */
  readonly turn: (status: BackendStatus) => void
  /** Ends the first attempt, of a backend that was turned to starting. */
  readonly settle: () => void
}

export function handMadeBackend(
  server: string,
  first: Readonly<Record<string, HandMadeTool>>,
): HandMadeBackend {
  const calls: Call[] = []
  const listeners = new Set<() => void>()
  let answers = first
  let tools = specsOf(server, first)
  let status: BackendStatus = { state: 'ready' }
  const settled = Promise.withResolvers<void>()
  return {
    server,
    calls,
    status: () => status,
    tools: () => tools,
    quarantined: () => [],
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    settled: () => (status.state === 'starting' ? settled.promise : Promise.resolve()),
    settle: settled.resolve,
    call: async (call) => {
      calls.push(call)
      return (await answers[call.tool.name]?.answer?.(call)) ?? textResult(call.tool.name)
    },
    close: () => Promise.resolve(),
    become: (next) => {
      answers = next
      tools = specsOf(server, next)
      for (const listener of listeners) listener()
    },
    turn: (next) => {
      status = next
      for (const listener of listeners) listener()
    },
  }
}

function specsOf(server: string, tools: Readonly<Record<string, HandMadeTool>>): readonly ToolSpec[] {
  return Object.entries(tools).map(([name, { inputSchema = { type: 'object' }, extra = {} }]) => {
    const description = `The tool ${name}.`
    const definition = { name, description, inputSchema, ...extra }
    const { annotations } = extra
    return {
      ref: { server, name },
      description,
      inputSchema,
      ...(isJsonObject(annotations) ? { annotations } : {}),
      definition,
    }
  })
}
