import { createHash, randomBytes } from 'node:crypto'

import { listenHttp, openGateway, systemClock, type AssemblyPorts } from './assemble.ts'
import { demandServers } from './bench/demand-servers.ts'
import { createEndpointClient } from './bench/endpoint-client.ts'
import {
  MockFailure,
  type Answer,
  type MockServer,
  type MockTool,
  type OpenStage,
  type StageClient,
} from './bench/stage.ts'
import type { ToolNames } from './catalog/names.ts'
import type { LearnedTypes } from './catalog/learned/learned-types.ts'
import { compileConfig, type Plan } from './config/compile.ts'
import { CODE_SERVER } from './config/own-tools.ts'
import { CONFIG_SCHEMA, toConfig } from './config/schema.ts'
import type { Call } from './core/call.ts'
import { isJsonObject, type Json } from './core/json.ts'
import type { Backend, Journal } from './core/ports.ts'
import { textResult, type Result } from './core/result.ts'
import type { NewValue, Store } from './core/store.ts'
import type { ToolSpec } from './core/tool.ts'
import { hashToken } from './http/auth.ts'
import { createUpstream } from './mcp/upstream/upstream.ts'
import { openMemoryStore } from './store/store.ts'

/** As the store makes them. */
const HANDLE_CHARS = 20
const HANDLE_TTL_MS = 3_600_000

/** Nothing that a task shows may help the next one: each would cost another amount in another order. */
const FORGETFUL: LearnedTypes = {
  observe: () => {},
  softOf: () => undefined,
  version: () => 0,
  loaded: Promise.resolve(),
  close: () => Promise.resolve(),
}

/**
 * Opens gateways for the benchmark of tasks: whole ones, over HTTP on loopback, with all layers. Only what stands behind is made up: servers
 * with a state, in this process, and tools that are only listed.
 */
export function createStages(parts: Pick<AssemblyPorts, 'log' | 'version'>): OpenStage {
  return async ({ servers, fillers, live, needed = [] }) => {
    let calls = 0
    const journal: Journal = {
      write: ({ tool, outcome, isSimulated }) => {
        const isOwn = tool.startsWith(`${CODE_SERVER}.`)
        if (!isOwn && outcome !== 'refused' && isSimulated !== true) calls += 1
      },
    }
    const listed = Map.groupBy(fillers, ({ ref }) => ref.server)
    const backends = new Map<string, Backend>([
      ...[...listed].map(([name, tools]) => [name, toBackend(name, tools, listOnly)] as const),
      ...servers.map(
        (server) => [server.name, toBackend(server.name, specsOf(server), runOf(server))] as const,
      ),
    ])
    const store = forgetful(openMemoryStore({ clock: systemClock, random: randomBytes }))
    const token = randomBytes(16).toString('hex')
    const ports: AssemblyPorts = {
      ...parts,
      clock: systemClock,
      store,
      journal,
      learned: FORGETFUL,
      createUpstream: (server) =>
        backends.get(server.name) ?? createUpstream(server, { ...parts, clock: systemClock }),
    }
    const own = compileConfig(toConfig(CONFIG_SCHEMA.parse(documentOf([...backends.keys()]))), '/')
    const plan = live === undefined ? own : withLive(own, live)
    const gateway = openGateway(plan, ports)
    await gateway.settled()
    try {
      demandServers(gateway.servers(), needed)
    } catch (error) {
      await gateway.close()
      throw error
    }
    const http = await listenHttp(plan, gateway, hashToken(token), ports)
    const clientOf = (path: string): StageClient => createEndpointClient(new URL(path, http.url), token)
    const clients = {
      classic: clientOf('/mcp/classic'),
      search: clientOf('/mcp?mode=search'),
      code: clientOf('/mcp/code'),
      auto: clientOf('/mcp'),
    }
    const tools = new Map<string, MockTool>(
      servers.flatMap((server) =>
        server.tools.map((tool) => [`${server.name}.${tool.definition.name}`, tool] as const),
      ),
    )
    const namesOf = (tool: string): ToolNames | undefined => {
      const { catalog } = gateway.snapshot()
      const spec = catalog.resolve(tool)
      return spec === undefined ? undefined : catalog.names.of(spec.ref)
    }
    return {
      tools: gateway.snapshot().catalog.tools.filter(({ ref }) => ref.server !== CODE_SERVER).length,
      ...clients,
      exposedName: (tool) => namesOf(tool)?.exposed,
      scriptPath: (tool) => namesOf(tool)?.path,
      calls: () => calls,
      probe: async (name, args) => {
        const tool = tools.get(name)
        // The state of a real server can only be asked for.
        return tool === undefined
          ? clients.classic.call(namesOf(name)?.exposed ?? name, args)
          : answerOf(() => tool.run(args))
      },
      async reset() {
        calls = 0
        store.forget()
        for (const server of servers) server.reset()
        await Promise.all(Object.values(clients).map((client) => client.forget()))
      },
      async close() {
        await http.close()
        await gateway.close()
      },
    }
  }
}

/** The servers of the configuration with its rules and limits; all that is kept and recorded, and who may come in, is of the stage. */
function withLive(own: Plan, live: Plan): Plan {
  const { http, store, audit, admin, identities, endpoints, virtualServers, mode, auto, scripts } = own
  const { autonomous = [] } = own
  return {
    ...live,
    http,
    store,
    audit,
    admin,
    identities,
    endpoints,
    virtualServers,
    mode,
    auto,
    scripts,
    autonomous,
  }
}

function documentOf(servers: readonly string[]): object {
  return {
    servers: Object.fromEntries(servers.map((name) => [name, { command: 'none' }])),
    // Whoever measures what scripts save lets them run.
    policy: { auto: ['*'] },
    http: { port: 0 },
    store: { path: false },
    audit: { enabled: false },
  }
}

function specsOf({ name: server, tools }: MockServer): readonly ToolSpec[] {
  return tools.map(({ definition }) => ({
    ref: { server, name: definition.name },
    ...(typeof definition['description'] === 'string' ? { description: definition['description'] } : {}),
    inputSchema: definition.inputSchema,
    ...(isJsonObject(definition['outputSchema']) ? { outputSchema: definition['outputSchema'] } : {}),
    ...(isJsonObject(definition['annotations']) ? { annotations: definition['annotations'] } : {}),
    definition,
  }))
}

type Run = (call: Call) => Result

function toBackend(server: string, tools: readonly ToolSpec[], run: Run): Backend {
  return {
    server,
    status: () => ({ state: 'ready' }),
    tools: () => tools,
    quarantined: () => [],
    onChange: () => () => {},
    settled: () => Promise.resolve(),
    call: (call) => Promise.resolve(run(call)),
    close: () => Promise.resolve(),
  }
}

const listOnly: Run = ({ tool }) => ({
  ...textResult(`${tool.name} is only listed here: no task of the benchmark needs it.`),
  isError: true,
})

/** Answers as servers do: with an output schema the structured content and the same as a text, else the text. */
function runOf({ tools }: MockServer): Run {
  const byName = new Map(tools.map((tool) => [tool.definition.name, tool]))
  return ({ tool: { name }, args }) => {
    const tool = byName.get(name)
    if (tool === undefined) return { ...textResult(`There is no ${name}.`), isError: true }
    const { text, isError, value } = answerOf(() => tool.run(args))
    if (isError) return { ...textResult(text), isError }
    return tool.definition['outputSchema'] === undefined
      ? textResult(text)
      : { ...textResult(text), structuredContent: value }
  }
}

function answerOf(run: () => Json): Answer {
  try {
    const value = run()
    return { text: typeof value === 'string' ? value : JSON.stringify(value), isError: false, value }
  } catch (error) {
    if (!(error instanceof MockFailure)) throw error
    return { text: error.message, isError: true, value: null }
  }
}

/**
 * What was called often is found first: that too would carry something from one task to the next. And names of kept values are a part of
 * what a model reads: random ones would take another number of tokens each time.
 */
function forgetful(store: Store): Store & { readonly forget: () => void } {
  const values = new Map<string, NewValue>()
  return {
    ...store,
    usage: { add: () => {}, load: () => Promise.resolve(new Map()) },
    handles: {
      keep: (_owner, value) => {
        const hash = createHash('sha256').update(String(values.size)).digest('base64url')
        const handle = `h_${hash.slice(0, HANDLE_CHARS)}`
        values.set(handle, value)
        return Promise.resolve(handle)
      },
      open: (_owner, handle) => {
        const value = values.get(handle)
        const nowMs = systemClock.nowMs()
        return Promise.resolve(
          value === undefined
            ? undefined
            : { ...value, savedAtMs: nowMs, expiresAtMs: nowMs + HANDLE_TTL_MS },
        )
      },
    },
    forget: () => values.clear(),
  }
}
