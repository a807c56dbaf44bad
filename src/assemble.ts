import { randomUUID } from 'node:crypto'

import type { Plan } from './config/compile.ts'
import type { Clock, Journal } from './core/ports.ts'
import type { Principal } from './core/principal.ts'
import { toolKey } from './core/tool.ts'
import { createGateway, type Gateway } from './gateway/gateway.ts'
import { createListing } from './gateway/listing/aggregate.ts'
import type { Listing } from './core/listing.ts'
import { mountEndpoints } from './mount.ts'
import { createTokenAuth } from './http/auth.ts'
import { createGuard } from './http/guard.ts'
import { startHttpServer, type HttpServer } from './http/server.ts'
import { createMcpEndpoint } from './mcp/door/http-door.ts'
import { createSseDoor } from './mcp/door/legacy/sse-door.ts'
import { createTasks, type Tasks } from './mcp/door/tasks.ts'
import { serveStdioDoor } from './mcp/door/stdio-door.ts'
import type { KnownLists } from './mcp/plan.ts'
import { createUpstream } from './mcp/upstream/upstream.ts'
import { createScriptBackend } from './scripts/backend.ts'
import { createSandbox } from './scripts/cells/sandbox.ts'
import { gaugesOf } from './gauges.ts'
import { createLogJournal, teeJournal } from './telemetry/journal.ts'
import type { Log } from './telemetry/log.ts'
import type { Metrics } from './telemetry/metrics.ts'

/** What a process lends to a gateway. */
export interface AssemblyPorts {
  readonly clock: Clock
  readonly log: Log
  readonly version: string
  /** Besides the log. */
  readonly journal?: Journal
  /** Counts calls, of the gateway and of its HTTP door. Absent: nothing is counted. */
  readonly metrics?: Metrics
  /** Where what servers list is kept for the next start. Absent: nowhere. */
  readonly known?: KnownLists
}

export const systemClock: Clock = Object.freeze({
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
})

/** Room in a frame beside the longest text that it may carry. */
const FRAME_MARGIN_BYTES = 1_048_576

/** Puts a gateway together: the only place that knows all floors. */
export function openGateway(
  plan: Plan,
  { clock, log, version, journal, known, metrics }: AssemblyPorts,
): Gateway {
  const { limits, ...cells } = plan.sandbox
  const journals = [createLogJournal(log), journal, metrics?.journal].filter((each) => each !== undefined)
  return createGateway({
    plan,
    clock,
    journal: teeJournal(journals),
    onFault: (reference, cause) => log.error({ reference, err: cause }, 'unforeseen failure'),
    createUpstream: (server) =>
      createUpstream(server, { clock, log, version, ...(known === undefined ? {} : { known }) }),
    createOwnBackends: (gateway) => {
      const sandbox = createSandbox({
        ...cells,
        memoryMb: limits.memoryMb,
        maxFrameBytes:
          Math.max(limits.argumentBytes, limits.valueBytes, limits.resultBytes) + FRAME_MARGIN_BYTES,
        clock,
        onCellLost: (pid, errorOutput) =>
          log.warn({ pid, errorOutput: errorOutput.slice(-500) }, 'a cell ended'),
      })
      return [createScriptBackend(gateway, sandbox, limits, randomUUID)]
    },
  })
}

/**
 * Opens the HTTP door of a gateway.
 *
 * @param isStale true while the configuration on the disk is not the one that is served, because it has errors
 * @throws GatewayError `port_in_use`, `listen_failed`
 */
export async function listenHttp(
  plan: Plan,
  gateway: Gateway,
  tokenHash: string,
  { log, version, metrics }: AssemblyPorts,
  isStale: () => boolean = () => false,
): Promise<HttpServer> {
  const tasks = createTasks()
  const onError = (error: Error): void => log.debug({ err: error.message }, 'request refused')
  const { maxBodyBytes } = plan.http
  const mounted = mountEndpoints(plan, gateway, {
    streamable: (listing) =>
      createMcpEndpoint({
        ...doorParts(gateway, listing, tasks, version),
        maxBodyBytes,
        schemaOf: (principal, name) => schemaOf(gateway, listing, principal, name),
      }),
    sse: (path, listing) =>
      createSseDoor({ ...doorParts(gateway, listing, tasks, version), path, maxBodyBytes, onError }),
  })
  const server = await startHttpServer({
    host: plan.http.host,
    port: plan.http.port,
    endpoints: mounted.endpoints,
    maxBodyBytes,
    authenticate: createTokenAuth(tokenHash),
    guard: createGuard(plan.http),
    pending: () =>
      gateway
        .servers()
        .filter(({ status }) => status.state === 'starting')
        .map(({ server: name }) => name),
    state: () => ({
      revision: gateway.configuration().revision,
      isStale: isStale(),
      isStopping: gateway.isStopping(),
    }),
    ...(metrics === undefined ? {} : { metrics: () => metrics.text(gaugesOf(gateway, isStale)) }),
    onError: (error) => log.error({ err: error.cause }, error.message),
  })
  return {
    url: server.url,
    close: async () => {
      await mounted.close()
      await server.close()
    },
  }
}

/** What every door of a gateway is made with. */
function doorParts(gateway: Gateway, listing: Listing, tasks: Tasks, version: string) {
  return {
    version,
    handler: gateway.handler,
    listing,
    listable: gateway.listable,
    events: { onChange: gateway.onAnnouncement, onResourceUpdated: gateway.onResourceUpdated },
    tasks,
    newId: randomUUID,
  }
}

function schemaOf(gateway: Gateway, listing: Listing, principal: Principal, name: string) {
  const tool = listing.resolve(principal, name)
  return tool === undefined ? undefined : gateway.snapshot().catalog.get(toolKey(tool))?.inputSchema
}

/** Serves a gateway over standard input and output, to the process that started this one. */
export function listenStdio(
  gateway: Gateway,
  { log, version }: AssemblyPorts,
): { close: () => Promise<void> } {
  return serveStdioDoor(
    {
      ...doorParts(
        gateway,
        createListing(gateway, () => gateway.configuration().plan),
        createTasks(),
        version,
      ),
      onError: (error) => log.debug({ err: error.message }, 'message refused'),
    },
    Object.freeze({ id: 'stdio', kind: 'local' }),
  )
}
