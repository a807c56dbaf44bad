import type { JsonObject } from '../../core/json.ts'
import { BACKOFF_MAX_MS, BACKOFF_MIN_MS } from './backoff.ts'
import type { Connection } from './connection.ts'
import { later } from '../transports/later.ts'

/** The most resources of one upstream that are subscribed to: a client could subscribe without end. */
const MAX_RESOURCES = 10_000

/** The resources of an upstream that somebody wants to hear of. */
export interface Subscriptions {
  /** Counts a subscriber. Resolves when the server knows. Rejects with a TransportFault, and then nothing is counted. */
  readonly add: (connection: Connection, uri: string) => Promise<void>
  /** Takes one subscriber away; the server is told when it was the last. Never rejects. */
  readonly remove: (connection: Connection | undefined, uri: string) => Promise<void>
  /** Subscribes anew on a connection that has just been made. */
  readonly resume: (connection: Connection) => void
  readonly onUpdated: (listener: (uri: string) => void) => () => void
}

/** All clients share one subscription to a resource, on the connection that all share. */
export function createSubscriptions(): Subscriptions {
  const counts = new Map<string, number>()
  const listeners = new Set<(uri: string) => void>()
  const watched = new WeakSet<Connection>()
  let listening: AbortController | undefined

  function watch({ exchange }: Connection): void {
    exchange.onNotification((method, params) => {
      const uri = params['uri']
      if (method !== 'notifications/resources/updated' || typeof uri !== 'string') return
      for (const listener of listeners) listener(uri)
    })
  }

  /** On 2026-07-28 there is one stream for all, which is opened anew when what it is about has changed. */
  function listen(connection: Connection): void {
    const before = listening
    listening = undefined
    if (counts.size > 0) {
      listening = new AbortController()
      void keepListening(connection, [...counts.keys()], listening.signal)
    }
    before?.abort()
  }

  async function tell(connection: Connection, method: string, uri: string): Promise<void> {
    if (connection.era === 'modern') return listen(connection)
    await connection.exchange.request(method, { uri })
  }

  return {
    async add(connection, uri) {
      if (!watched.has(connection)) {
        watched.add(connection)
        watch(connection)
      }
      const count = counts.get(uri) ?? 0
      if (count === 0 && counts.size >= MAX_RESOURCES) return
      counts.set(uri, count + 1)
      if (count > 0) return
      try {
        await tell(connection, 'resources/subscribe', uri)
      } catch (error) {
        counts.delete(uri)
        throw error
      }
    },
    async remove(connection, uri) {
      const count = counts.get(uri) ?? 0
      if (count > 1) counts.set(uri, count - 1)
      else if (counts.delete(uri) && connection !== undefined) {
        await tell(connection, 'resources/unsubscribe', uri).catch(() => {})
      }
    },
    resume(connection) {
      if (counts.size === 0) return
      watched.add(connection)
      watch(connection)
      if (connection.era === 'modern') return listen(connection)
      for (const uri of counts.keys()) {
        connection.exchange.request('resources/subscribe', { uri }).catch(() => {})
      }
    },
    onUpdated(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** A stream that ends while the connection lives is opened again, less and less often. */
async function keepListening(
  { client, exchange }: Connection,
  resourceSubscriptions: string[],
  stopped: AbortSignal,
): Promise<void> {
  const gone = new AbortController()
  void exchange.closed.then(() => gone.abort())
  const signal = AbortSignal.any([stopped, gone.signal])
  let waitMs = BACKOFF_MIN_MS
  while (!signal.aborted) {
    try {
      const subscription = await client.listen({ resourceSubscriptions }, { signal })
      waitMs = BACKOFF_MIN_MS
      await subscription.closed
    } catch {
      // Refused, or broken off: tried again below.
    }
    await later(waitMs, signal)
    waitMs = Math.min(waitMs * 2, BACKOFF_MAX_MS)
  }
}

/** Reads the URI of a subscription; undefined where there is none. */
export function uriOf(params: JsonObject): string | undefined {
  const { uri } = params
  return typeof uri === 'string' ? uri : undefined
}
