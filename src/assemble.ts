import { randomBytes, randomUUID } from 'node:crypto'

import type { Plan, ServerPlan } from './config/compile.ts'
import type { Audit, AuditEvent } from './core/audit.ts'
import type { Handler } from './core/call.ts'
import { toGatewayError } from './core/errors.ts'
import type { Backend, Clock, Journal } from './core/ports.ts'
import type { Seal } from './core/seal.ts'
import type { Sandbox } from './core/run.ts'
import type { Store } from './core/store.ts'
import type { Principal } from './core/principal.ts'
import { toolKey } from './core/tool.ts'
import { createGateway, type Gateway } from './gateway/gateway.ts'
import { createListing, type OnChoice } from './gateway/listing/aggregate.ts'
import type { ClientView, Listing } from './core/listing.ts'
import type { Mode } from './core/mode.ts'
import { mountEndpoints } from './mount.ts'
import { createAuth } from './http/auth.ts'
import { createGuard } from './http/guard.ts'
import { createLogins, type Logins } from './http/logins.ts'
import { startHttpServer, type HttpServer } from './http/server.ts'
import { createMcpEndpoint } from './mcp/door/http-door.ts'
import { createSseDoor } from './mcp/door/legacy/sse-door.ts'
import { createTasks, type Tasks } from './mcp/door/tasks.ts'
import { serveStdioDoor } from './mcp/door/stdio-door.ts'
import type { KnownLists } from './mcp/plan.ts'
import { createUpstream } from './mcp/upstream/upstream.ts'
import { withSavedScripts, type GatewayWithScripts } from './saved-scripts.ts'
import { createScriptEngine } from './script-engine.ts'
import { openMemoryStore } from './store/store.ts'
import { createSearches } from './catalog/search/searches.ts'
import { createUsage } from './catalog/search/usage.ts'
import { createLearnedTypes, type LearnedTypes } from './catalog/learned/learned-types.ts'
import { gaugesOf } from './gauges.ts'
import { createGovernance, type Governance } from './governance.ts'
import { createSemanticSearch } from './semantic-search.ts'
import { createLogJournal, createUsageJournal, teeJournal } from './telemetry/journal.ts'
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
  /** Closed with the gateway. Absent: everything is in memory and ends with it. */
  readonly store?: Store
  /** The record of everything that happens; closed with the gateway. Absent: there is none. */
  readonly audit?: Audit
  /** Encrypts what the audit keeps of arguments. */
  readonly seal?: Seal
  /** Absent: what the plan says of each server. */
  readonly createUpstream?: (server: ServerPlan) => Backend
  /** Absent: cells of its own. */
  readonly sandbox?: Sandbox
  /** Absent: types of results are learned, and kept in the store. */
  readonly learned?: LearnedTypes
  /** The program ends after its work: no cell is kept in reserve. */
  readonly isShortLived?: boolean
}

/** A gateway with its saved scripts, and with those who may call it. */
export interface GovernedGateway extends GatewayWithScripts {
  readonly governance: Governance
  /** The principal of a virtual key, by its name. @throws GatewayError `not_there` */
  readonly principalOf: Governance['principalOf']
}

export const systemClock: Clock = Object.freeze({
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
})

/** Puts a gateway together: the only place that knows all floors. */
export function openGateway(plan: Plan, ports: AssemblyPorts): GovernedGateway {
  const { clock, log, version, journal, known, metrics, sandbox, audit, seal } = ports
  const store = ports.store ?? openMemoryStore({ clock, random: randomBytes })
  const learned =
    ports.learned ??
    createLearnedTypes(store.shapes, {
      specOf: (ref) => gateway.snapshot().catalog.get(toolKey(ref)),
    })
  const usage = createUsageJournal(store.usage)
  const journals = [createLogJournal(log), usage, journal, metrics?.journal].filter(
    (each) => each !== undefined,
  )
  const vectors = createSemanticSearch(plan.search.embeddings, { clock, log })
  const engine = createScriptEngine({
    // Late: the gateway contains the engine.
    host: () => gateway,
    plan,
    clock,
    log,
    store,
    learned,
    // Late: governance is made after the engine.
    approvals: {
      askPlan: (...asked) => governance.approvals.askPlan(...asked),
      decideRun: (...said) => governance.approvals.decideRun(...said),
    },
    ...(metrics === undefined ? {} : { metrics }),
    ...(sandbox === undefined ? {} : { sandbox }),
    ...(ports.isShortLived === true ? { isShortLived: true } : {}),
  })
  const governance = createGovernance({
    gateway: () => gateway,
    plan,
    clock,
    log,
    store,
    ...(audit === undefined ? {} : { audit }),
    ...(seal === undefined ? {} : { seal }),
  })
  const gateway: Gateway = createGateway({
    ...governance.parts,
    plan,
    clock,
    learned,
    createSearch: createSearches({ usage: createUsage(store.usage.load, clock.monotonicMs), vectors }),
    journal: teeJournal(journals),
    onFault: (reference, cause) => log.error({ reference, err: cause }, 'unforeseen failure'),
    createUpstream: (server) => {
      // Before anything is started: what a program does first may already be the harm.
      governance.note(toStarted(server, clock))
      if (ports.createUpstream !== undefined) return ports.createUpstream(server)
      return createUpstream(server, { clock, log, version, ...(known === undefined ? {} : { known }) })
    },
    createOwnBackends: () => engine.backends,
  })
  governance.follow()
  const whole = withSavedScripts(gateway, engine.saved)
  return {
    ...whole,
    governance,
    principalOf: governance.principalOf,
    close: async () => {
      await whole.close()
      await governance.close()
      await audit?.close()
      vectors?.close()
      await learned.close()
      await store.close()
    },
  }
}

/**
 * Opens the HTTP door of a gateway.
 *
 * @param isStale true while the configuration on the disk is not the one that is served, because it has errors
 * @throws GatewayError `port_in_use`, `listen_failed`
 */
export async function listenHttp(
  plan: Plan,
  gateway: Gateway & Partial<Pick<GovernedGateway, 'governance'>>,
  tokenHash: string,
  { clock, log, version, metrics }: AssemblyPorts,
  isStale: () => boolean = () => false,
): Promise<HttpServer> {
  const { governance } = gateway
  // Keys of the store are let in from the first request on. Where the store does not answer, those of the configuration are.
  await governance?.keyring
    .refresh()
    .catch((error: Error) => log.warn({ err: error.message }, 'no keys of the store'))
  const logins =
    governance === undefined
      ? undefined
      : createLogins({ note: governance.note, nowMs: clock.nowMs, newId: randomUUID })
  const tasks = createTasks()
  const onError = (error: Error): void => log.debug({ err: error.message }, 'request refused')
  const { maxBodyBytes } = plan.http
  const mounted = mountEndpoints(
    plan,
    gateway,
    {
      streamable: (listing) =>
        createMcpEndpoint({
          ...doorParts(gateway, listing, tasks, version),
          maxBodyBytes,
          schemaOf: (principal, name, client) => schemaOf(gateway, listing, principal, name, client),
        }),
      sse: (path, listing) =>
        createSseDoor({ ...doorParts(gateway, listing, tasks, version), path, maxBodyBytes, onError }),
    },
    logChoice(log),
  )
  const server = await startHttpServer({
    host: plan.http.host,
    port: plan.http.port,
    endpoints: mounted.endpoints,
    maxBodyBytes,
    authenticate: createAuth({
      tokenHash,
      ...(governance === undefined
        ? {}
        : { keys: governance.keyring, takeRequest: governance.limits.takeRequest }),
      ...(logins === undefined ? {} : { logins }),
    }),
    rest: { gateway, newId: randomUUID },
    ...(governance === undefined
      ? {}
      : {
          revocations: governance.keyring,
          answerApproval: async (id, body, signature) => {
            const { state } = await governance.answerApproval(body, signature, id)
            return { id, state }
          },
        }),
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
      logins?.close()
    },
  }
}

/** Neither arguments nor an address: they may hold credentials. */
function toStarted(server: ServerPlan, clock: Clock): AuditEvent {
  return {
    kind: 'server.started',
    atMs: Math.floor(clock.nowMs()),
    id: randomUUID(),
    principal: 'gateway',
    outcome: 'ok',
    detail: {
      server: server.name,
      ...(server.kind === 'stdio' ? { command: server.command } : { kind: 'http' }),
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

function schemaOf(
  gateway: Gateway,
  listing: Listing,
  principal: Principal,
  name: string,
  client: ClientView,
) {
  const tool = listing.resolve(principal, name, client)
  return tool === undefined ? undefined : gateway.snapshot().catalog.get(toolKey(tool))?.inputSchema
}

/** Why a client sees what it sees is the first question where it does not see what it should. */
function logChoice(log: Log): OnChoice {
  return (choice, { name, version, wish }) =>
    log.debug({ ...choice, client: name, version, wish }, 'The mode of a client is chosen.')
}

/** The one who started the process, where no key says who that is. */
const STARTER: Principal = Object.freeze({ id: 'stdio', kind: 'local' })

/**
 * Serves a gateway over standard input and output, to the process that started this one.
 *
 * @param wishes.mode In the place of that of the configuration.
 * @param wishes.principal Who calls. Absent: a local one, for whom the policy of the gateway holds.
 */
export function listenStdio(
  gateway: Gateway & Partial<Pick<GovernedGateway, 'governance'>>,
  { clock, log, version }: AssemblyPorts,
  { mode, principal = STARTER }: { readonly mode?: Mode; readonly principal?: Principal } = {},
): { close: () => Promise<void> } {
  const logins =
    principal.kind === 'key' && gateway.governance !== undefined
      ? createLogins({ note: gateway.governance.note, nowMs: clock.nowMs, newId: randomUUID })
      : undefined
  const door = serveStdioDoor(
    {
      ...doorParts(
        gateway,
        createListing(
          gateway,
          'stdio',
          () => {
            const { plan } = gateway.configuration()
            return mode === undefined ? plan : { ...plan, mode }
          },
          logChoice(log),
        ),
        createTasks(),
        version,
      ),
      ...(logins === undefined ? {} : { handler: countRequests(gateway, logins) }),
      onError: (error) => log.debug({ err: error.message }, 'message refused'),
    },
    principal,
  )
  return {
    close: async () => {
      await door.close()
      logins?.close()
    },
  }
}

/** What authentication does for each request of a key over HTTP, where the key was looked at only once. */
function countRequests(
  { handler, governance }: Gateway & Partial<Pick<GovernedGateway, 'governance'>>,
  logins: Logins,
): Handler {
  return async (call) => {
    try {
      const standing = governance?.keyring.of(call.principal)
      governance?.limits.takeRequest(standing)
      if (standing !== undefined) logins.accepted(call.principal, standing)
    } catch (thrown) {
      const { code } = toGatewayError(thrown)
      // A key that does not hold any more is refused by the handler, and recorded there.
      if (code !== 'rate_limited') return handler(call)
      logins.refused(code, call.principal, undefined)
      throw thrown
    }
    return handler(call)
  }
}
