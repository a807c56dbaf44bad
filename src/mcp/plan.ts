import type { Json, JsonObject } from '../core/json.ts'
import type { Clock } from '../core/ports.ts'

/** How long the gateway waits for an upstream, in milliseconds. */
export interface UpstreamTimeouts {
  /** From the start of an attempt to the end of the handshake. */
  readonly connectMs: number
  /** For all pages of one list. */
  readonly listMs: number
  /** For one call. Kept by the deadline layer; here only so that the plan is whole. */
  readonly callMs: number
}

/** How much of an upstream the gateway takes. */
export interface UpstreamLimits {
  /** Calls in flight and calls waiting: kept by the slots layer. */
  readonly concurrency: number
  readonly queue: number
  /** The largest message that is read from the upstream, in bytes. */
  readonly maxMessageBytes: number
}

/**
 * Which era of the protocol is spoken. `auto` probes; the others are for a server whose author knows
 * better than a probe: `legacy` opens with `initialize`, `modern` with 2026-07-28 and nothing else.
 */
export type ProtocolChoice = 'auto' | 'legacy' | 'modern'

interface UpstreamPlanBase {
  readonly name: string
  /** Two plans with the same describe the same server. Absent: what it lists is not kept for the next start. */
  readonly fingerprint?: string
  readonly timeouts: UpstreamTimeouts
  readonly limits: UpstreamLimits
  /** Absent: `auto`. */
  readonly protocol?: ProtocolChoice
  /** `lazy`: stopped as soon as its tools are listed, and started at the first call. Absent: `eager`. */
  readonly start?: 'eager' | 'lazy'
  /** Stopped when it was not called for so long, in milliseconds. Absent: never. */
  readonly idleStopMs?: number
  /**
   * `idempotent`: a call that failed on the way is made again where the server says of the tool that this is safe.
   * Absent: `none`, because it is the server's word. What surely never reached the tool is sent again in any case.
   */
  readonly retry?: 'none' | 'idempotent'
  /** Who shares the connection, see the configuration. Absent: `auto`. */
  readonly connection?: 'auto' | 'shared' | 'client'
}

/** A server that the gateway starts as a child process. */
export interface StdioPlan extends UpstreamPlanBase {
  readonly kind: 'stdio'
  readonly command: string
  readonly args: readonly string[]
  /** Added to the minimal environment. May hold secrets. */
  readonly env: Readonly<Record<string, string>>
  readonly cwd?: string
}

/** A server behind HTTP. */
export interface HttpPlan extends UpstreamPlanBase {
  readonly kind: 'http'
  readonly url: string
  /**
   * How the protocol is carried: `sse` is the older HTTP+SSE of 2024-11-05. `auto` tries Streamable HTTP, and then the
   * older one where the server does not know POST at this address. Absent: `auto`.
   */
  readonly transport?: 'auto' | 'streamable-http' | 'sse'
  /** Sent with each request. May hold secrets. */
  readonly headers: Readonly<Record<string, string>>
  /** How long nothing must have been heard before the server is asked whether it is there. Absent or 0: never. */
  readonly probeMs?: number
}

/** Everything that is needed to reach one upstream. References to secrets are resolved already. */
export type UpstreamPlan = StdioPlan | HttpPlan

/** Where an upstream writes what an operator may want to read. The shape is pino's. */
export interface UpstreamLog {
  readonly debug: (detail: object, message: string) => void
  readonly info: (detail: object, message: string) => void
  readonly warn: (detail: object, message: string) => void
}

/**
 * What servers had when they were last listed, kept from one start to the next: a list of tools need not wait for a server
 * that is slow to start.
 */
export interface KnownLists {
  /** What was kept under a key; undefined where nothing was. Never throws. */
  readonly read: (key: string) => Json | undefined
  /** Keeps something in the place of what was there. Never throws and never waits. */
  readonly write: (key: string, value: JsonObject) => void
}

/** When a breaker opens, and for how long. */
export interface BreakerLimits {
  /** Failures in a row that open it. */
  readonly failures: number
  /** A failure that is older than this, in milliseconds, does not belong to the row any more. */
  readonly windowMs: number
  /** How long it stays open, milliseconds. */
  readonly openMs: number
}

/** What an upstream needs from outside. */
export interface UpstreamDeps {
  readonly clock: Clock
  readonly log: UpstreamLog
  /** The version of the gateway, sent to upstreams as part of its name. */
  readonly version: string
  /** What servers had when they were last listed. Absent: nothing is known before a server has listed. */
  readonly known?: KnownLists
  /** A number from 0 to 1, for the jitter of the backoff. Absent: Math.random. */
  readonly random?: () => number
  /** When calls are kept from the upstream. Absent: BREAKER_LIMITS. */
  readonly breaker?: BreakerLimits
}
