import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  Client,
  PROTOCOL_VERSION_META_KEY,
} from '@modelcontextprotocol/client'
import type { JsonObject } from '../../../core/json.ts'
import { isSse, mayBeSse, moreTelling } from '../../transports/choice.ts'
import { CLOSED_BY_GATEWAY, TransportFault } from '../../transports/port.ts'
import type { UpstreamTransport } from '../../transports/port.ts'
import type { Tail } from '../../transports/stdio/tail.ts'
import { StdioTransport } from '../../transports/stdio/transport.ts'
import type { Era, EraMemory } from './era.ts'
import { createExchange } from './exchange.ts'
import type { Exchange } from './exchange.ts'
import type { UpstreamDeps, UpstreamPlan } from '../../plan.ts'
import { patienceFor } from './probe.ts'

const MODERN_VERSION = '2026-07-28'
/** The longest time that a timer can hold, milliseconds: the SDK's own timeouts never come first. */
const NEVER_MS = 2_147_483_647

/** A connection on which the handshake has succeeded. */
export interface Connection {
  readonly exchange: Exchange
  readonly era: Era
  /** The revision of the protocol that was agreed on. */
  readonly protocolVersion: string | undefined
  /** The number of the process, where there is one. */
  readonly pid: number | undefined
  readonly client: Client
  readonly close: () => Promise<void>
}

/** What an attempt needs. */
export interface ConnectContext {
  readonly deps: UpstreamDeps
  readonly eras: EraMemory
  readonly redact: (text: string) => string
  /** Gets what a process writes to stderr. */
  readonly stderr: Tail
  /** What is declared to the server; absent: nothing, because nobody in particular is behind the connection. */
  readonly capabilities?: JsonObject
  /** Aborted when the upstream is closed for good. */
  readonly signal: AbortSignal
}

/**
 * Connects once, by the older HTTP+SSE where Streamable HTTP is not understood. Rejects with a TransportFault whose
 * message is the reason for a person.
 */
export async function openConnection(plan: UpstreamPlan, context: ConnectContext): Promise<Connection> {
  try {
    return await openOver(plan, context)
  } catch (error) {
    if (plan.kind !== 'http' || context.signal.aborted || !mayBeSse(plan, error)) throw error
    return await openOver({ ...plan, transport: 'sse' }, context).catch((older: unknown) => {
      throw moreTelling(error, older)
    })
  }
}

/**
 * Connects once, over one transport.
 *
 * Some servers exit on any request before `initialize`. The probe runs in place here (the SDK would start
 * a second process for it), so such a server is started again, the older way, within the same attempt.
 */
async function openOver(plan: UpstreamPlan, context: ConnectContext): Promise<Connection> {
  const { eras } = context
  // HTTP+SSE is older than the question which era is spoken.
  const choice = isSse(plan) ? 'legacy' : (plan.protocol ?? 'auto')
  const era = choice === 'auto' ? eras.recall() : choice
  const first = await attempt(plan, context, era)
  if ('connection' in first) {
    if (choice === 'auto') eras.remember(first.wasModern ? 'modern' : first.connection.era)
    return first.connection
  }
  const again = choice === 'auto' ? first.again : undefined
  if (again === undefined || context.signal.aborted) {
    // A verdict that does not lead to a connection is not believed the next time.
    eras.forget()
    throw first.fault
  }
  const second = await attempt(plan, context, again)
  if ('connection' in second) {
    eras.remember(second.connection.era)
    return second.connection
  }
  eras.forget()
  throw second.fault
}

type Attempt =
  | { readonly connection: Connection; readonly wasModern: boolean }
  | { readonly fault: TransportFault; readonly again: Era | undefined }

async function attempt(plan: UpstreamPlan, context: ConnectContext, era: Era | undefined): Promise<Attempt> {
  const { deps, signal } = context
  const { connectMs } = plan.timeouts
  const transport = await createTransport(plan, context)
  const exchange = createExchange(transport, { patience: patienceFor(connectMs, era === 'modern') })
  const identity = { name: 'isogate', version: deps.version }
  const client = new Client(identity, {
    capabilities: { ...context.capabilities },
    versionNegotiation: {
      mode: plan.protocol === 'modern' ? { pin: MODERN_VERSION } : 'auto',
      probe: { timeoutMs: NEVER_MS },
    },
    inputRequired: { autoFulfill: false },
  })
  let giveUpReason: string | undefined
  const giveUp = (reason: string): void => {
    giveUpReason ??= reason
    void exchange.close()
  }
  const timer = setTimeout(() => giveUp(`no handshake within ${connectMs} ms`), connectMs)
  const onAbort = (): void => giveUp('the gateway is closing')
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  try {
    const prior = era === 'legacy' ? { prior: { kind: 'legacy' as const } } : {}
    await client.connect(exchange.port, { timeout: NEVER_MS, ...prior })
    const negotiated = client.getProtocolEra() ?? 'legacy'
    if (negotiated === 'modern') {
      const version = client.getNegotiatedProtocolVersion() ?? MODERN_VERSION
      exchange.setEnvelope(envelopeOf(version, identity))
    }
    const connection: Connection = {
      exchange,
      era: negotiated,
      protocolVersion: client.getNegotiatedProtocolVersion(),
      pid: transport.pid ?? undefined,
      client,
      close: () => exchange.close(),
    }
    return { connection, wasModern: exchange.probe.wasModern() }
  } catch (error) {
    const ended = endReason(transport)
    const exitedOnProbe = exchange.probe.isOpen() && ended !== undefined
    const fault = attemptFault(transport, error, giveUpReason)
    await exchange.close().catch(() => {})
    if (giveUpReason !== undefined) return { fault, again: undefined }
    if (exitedOnProbe) return { fault, again: 'legacy' }
    // Silence was taken for the older era, and the older handshake was refused: it was only slow.
    return { fault, again: exchange.probe.wasGivenUp() && ended === undefined ? 'modern' : undefined }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
  }
}

async function createTransport(
  plan: UpstreamPlan,
  { deps, redact, stderr }: ConnectContext,
): Promise<UpstreamTransport> {
  if (plan.kind === 'stdio') return new StdioTransport(plan, deps.log, redact, stderr)
  // Loaded where they are used: their HTTP client alone costs 30 MB, and many gateways have only local servers.
  if (isSse(plan)) {
    const { SseTransport } = await import('../../transports/sse/transport.ts')
    return new SseTransport(plan, redact)
  }
  const { HttpTransport } = await import('../../transports/streamable/transport.ts')
  return new HttpTransport(plan, redact)
}

/** Why the server went away says more than what the SDK makes of it. */
function attemptFault(
  transport: UpstreamTransport,
  error: unknown,
  giveUpReason: string | undefined,
): TransportFault {
  if (giveUpReason !== undefined) return new TransportFault('timeout', giveUpReason)
  const reason = endReason(transport)
  if (reason !== undefined) return new TransportFault('closed', reason, { lost: true, cause: error })
  return transport.toFault(error)
}

/** Why a process ended by itself; undefined where it runs, or where it was the gateway that closed it. */
function endReason(transport: UpstreamTransport): string | undefined {
  const reason = transport.shape === 'process' ? transport.closeReason() : undefined
  return reason === CLOSED_BY_GATEWAY ? undefined : reason
}

function envelopeOf(version: string, identity: { name: string; version: string }): JsonObject {
  return {
    [PROTOCOL_VERSION_META_KEY]: version,
    [CLIENT_INFO_META_KEY]: identity,
    [CLIENT_CAPABILITIES_META_KEY]: {},
  }
}

/** How a connection is, for a person. */
export function describeConnection(
  { era, protocolVersion, pid }: Connection,
  connectedMs: number,
): Record<string, string | number> {
  return {
    era,
    ...(protocolVersion === undefined ? {} : { protocolVersion }),
    ...(pid === undefined ? {} : { pid }),
    connectedMs: Math.round(connectedMs),
  }
}
