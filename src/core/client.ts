import type { JsonObject } from './json.ts'

/** A request that a server puts to a client: an elicitation, a sampling, a question for its roots. */
export interface ClientRequest {
  readonly method: string
  readonly params: JsonObject
}

/** A connection of a client that lasts longer than one call. */
export interface ClientSession {
  /** Stable, and unique in this process. */
  readonly id: string
  /** Aborted when it has ended. */
  readonly ended: AbortSignal
}

/** The one who made a call, as far as it can be reached while the call runs. */
export interface CallClient {
  /** Absent where each request of the client stands for itself. */
  readonly session?: ClientSession
  /** What the client declared that it can do, as MCP's ClientCapabilities. */
  readonly capabilities: JsonObject
  /** The least severe log message that it wants; absent: none are sent. */
  readonly logLevel?: string
  /**
   * Puts requests to the client and resolves with its answers, under the same keys. Waiting for a person, so no clock runs.
   * Rejects with a GatewayError: `client_refused` where the client answered with an error, `call_cancelled`.
   */
  readonly ask: (
    requests: Readonly<Record<string, ClientRequest>>,
  ) => Promise<Readonly<Record<string, JsonObject>>>
  /**
   * Stops the clock of the call until the returned function is called: for a call that can only wait while the client is asked
   * because of another one. Absent: the call has no clock.
   */
  readonly pause?: () => () => void
  /** Tells the client something about the call. Never fails: a client that has gone need not be told. */
  readonly tell: (method: string, params: JsonObject) => void
}

/** What a server may ask a client for. A client that declares none of these is never asked. */
const ASKABLE = ['elicitation', 'sampling', 'roots'] as const

/** True where the client can be asked something. */
export function canBeAsked(client: CallClient | undefined): client is CallClient {
  return client !== undefined && ASKABLE.some((name) => client.capabilities[name] !== undefined)
}
