import type { Call } from '../../../core/call.ts'
import type { CallClient } from '../../../core/client.ts'
import { GatewayError } from '../../../core/errors.ts'
import { isJsonObject } from '../../../core/json.ts'
import type { JsonObject } from '../../../core/json.ts'
import type { Connection } from '../wire/connection.ts'
import { answerQuestion } from './questions.ts'
import type { Retirement } from '../link/retirement.ts'

/** How many connections an upstream has besides the one that all share. */
const MAX_LEASES = 256
/** How long one is kept for a client that does not call, milliseconds. */
const IDLE_MS = 5 * 60_000

/** The use of a connection that belongs to one client. */
export interface Lease {
  readonly connection: Connection
  readonly end: () => void
  /** The connection turned out to be dead: nobody gets it any more. */
  readonly drop: () => void
}

/** Connections of an upstream that belong to one client each: only there can a server of the older era ask its client. */
export interface Leases {
  /** Rejects with what connecting rejects with, or with a GatewayError `overloaded`. */
  readonly take: (call: Call, client: CallClient) => Promise<Lease>
  readonly close: () => Promise<void>
}

interface Entry {
  readonly key: string
  readonly opening: Promise<Connection>
  /** The clients of the calls under way, the latest last. */
  readonly clients: CallClient[]
  readonly isShared: boolean
  /** Whose session it is: what comes late is told to it too. */
  last: CallClient | undefined
  level: string | undefined
  timer: NodeJS.Timeout | undefined
  readonly forget: () => void
}

/**
 * Begins with none. A client with a session has one connection for all of its calls, which ends with the session; a client
 * without one gets a connection for each call, taken from those that calls of the same principal and the same capabilities
 * have left behind.
 *
 * @param open Connects once, declaring the capabilities.
 */
export function createLeases(
  server: string,
  open: (capabilities: JsonObject) => Promise<Connection>,
  retirement: Retirement,
): Leases {
  const entries = new Set<Entry>()

  function drop(entry: Entry): void {
    if (!entries.delete(entry)) return
    clearTimeout(entry.timer)
    entry.forget()
    void entry.opening.then(retirement.begin, () => {})
  }

  function create(key: string, client: CallClient): Entry {
    makeRoom()
    const clients: CallClient[] = []
    const opening = open(client.capabilities)
    const isShared = client.session !== undefined
    const ended = client.session?.ended
    const entry: Entry = {
      key,
      opening,
      clients,
      isShared,
      last: undefined,
      level: undefined,
      timer: undefined,
      // A session may see many of its leases come and go.
      forget: () => ended?.removeEventListener('abort', onEnded),
    }
    const onEnded = (): void => drop(entry)
    entries.add(entry)
    opening.then(
      ({ exchange }) => {
        // On a pipe nothing says to which call a question belongs: it is put to the client of the latest one.
        exchange.onRequest((method, params) => {
          const others = clients.slice(0, -1).map((other) => other.pause?.())
          const answer = answerQuestion(server, clients.at(-1), method, params)
          // It may be one of these that the server waits for: none of them runs out of time meanwhile.
          const resume = (): void => {
            for (const each of others) each?.()
          }
          if (answer === undefined) resume()
          else void answer.then(resume, resume)
          return answer
        })
        exchange.onNotification((method, params) => relay(clients.at(-1) ?? entry.last, method, params))
        void exchange.closed.then(() => drop(entry))
      },
      () => drop(entry),
    )
    if (ended?.aborted === true) drop(entry)
    else ended?.addEventListener('abort', onEnded, { once: true })
    return entry
  }

  function makeRoom(): void {
    if (entries.size < MAX_LEASES) return
    const idle = [...entries].find(({ clients }) => clients.length === 0)
    if (idle === undefined) {
      throw new GatewayError('overloaded', `"${server}" serves ${entries.size} clients at the same time.`)
    }
    drop(idle)
  }

  return {
    async take({ principal, signal }, client) {
      const key = JSON.stringify(
        client.session === undefined ? [principal.id, client.capabilities] : client.session.id,
      )
      const fits = (entry: Entry): boolean =>
        entry.key === key && (entry.isShared || entry.clients.length === 0)
      const entry = [...entries].findLast(fits) ?? create(key, client)
      clearTimeout(entry.timer)
      entry.clients.push(client)
      if (entry.isShared) entry.last = client
      const end = (): void => {
        const index = entry.clients.indexOf(client)
        if (index >= 0) entry.clients.splice(index, 1)
        if (entry.clients.length === 0 && entries.has(entry)) {
          entry.timer = setTimeout(() => drop(entry), IDLE_MS).unref()
        }
      }
      try {
        const connection = await entry.opening
        await setLevel(entry, connection, client.logLevel, signal)
        // Nobody waits for it any more, and nobody would end it.
        signal.throwIfAborted()
        return { connection, end, drop: () => drop(entry) }
      } catch (error) {
        end()
        throw error
      }
    },
    async close() {
      for (const entry of entries) drop(entry)
    },
  }
}

/** Hands what a server says in the middle of a call to the client of that call. Lists are looked after elsewhere. */
export function relay(client: CallClient | undefined, method: string, params: JsonObject): void {
  if (method.endsWith('/list_changed') || method === 'notifications/resources/updated') return
  client?.tell(method, params)
}

async function setLevel(
  entry: Entry,
  { exchange }: Connection,
  level: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { capabilities } = exchange.greeting()
  const canLog = isJsonObject(capabilities) && capabilities['logging'] !== undefined
  if (level === undefined || level === entry.level || !canLog) return
  entry.level = level
  // A server that refuses a level still answers calls.
  await exchange.request('logging/setLevel', { level }, { signal }).catch(() => {})
}
