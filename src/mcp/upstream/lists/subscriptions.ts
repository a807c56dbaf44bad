import type { JsonObject } from '../../../core/json.ts'
import type { Connection } from '../wire/connection.ts'
import { createStream } from './subscription-stream.ts'

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
  const entries = new Map<string, Entry>()
  const listeners = new Set<(uri: string) => void>()
  const watched = new WeakSet<Connection>()
  const stream = createStream(() => [...entries.keys()], announce)

  function announce(uris: Iterable<string>): void {
    for (const uri of uris) for (const listener of listeners) listener(uri)
  }

  function watch(connection: Connection): void {
    if (watched.has(connection)) return
    watched.add(connection)
    connection.exchange.onNotification((method, params) => {
      const uri = params['uri']
      if (method === 'notifications/resources/updated' && typeof uri === 'string') announce([uri])
    })
  }

  async function tell(connection: Connection, method: string, uri: string): Promise<void> {
    if (connection.era === 'modern') return stream.renew(connection)
    await connection.exchange.request(method, { uri })
  }

  async function add(connection: Connection, uri: string): Promise<void> {
    watch(connection)
    const known = entries.get(uri)
    if (known !== undefined) {
      known.count += 1
      return known.told
    }
    if (entries.size >= MAX_RESOURCES) return
    const entry: Entry = { count: 1, told: Promise.resolve() }
    entries.set(uri, entry)
    entry.told = tell(connection, 'resources/subscribe', uri).catch((error: unknown) => {
      if (entries.get(uri) === entry) entries.delete(uri)
      throw error
    })
    return entry.told
  }

  return {
    add,
    async remove(connection, uri) {
      const entry = entries.get(uri)
      if (entry === undefined || --entry.count > 0) return
      entries.delete(uri)
      if (connection !== undefined) await tell(connection, 'resources/unsubscribe', uri).catch(() => {})
    },
    resume(connection) {
      if (entries.size === 0) return
      watch(connection)
      // What has changed while there was no connection, nobody was told.
      const missed = (uris: readonly string[]) => (): void => announce(uris)
      if (connection.era === 'modern') {
        void stream.renew(connection).then(missed([...entries.keys()]))
        return
      }
      for (const uri of entries.keys()) {
        connection.exchange.request('resources/subscribe', { uri }).then(missed([uri]), () => {})
      }
    },
    onUpdated(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** A resource that is subscribed to. */
interface Entry {
  count: number
  /** Resolves when the server knows. */
  told: Promise<void>
}

/** Reads the URI of a subscription; undefined where there is none. */
export function uriOf(params: JsonObject): string | undefined {
  const { uri } = params
  return typeof uri === 'string' ? uri : undefined
}
