import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'

import type { Json } from '../../../core/json.ts'
import type { Mode } from '../../../core/mode.ts'
import type { Principal } from '../../../core/principal.ts'
import type { AnswerParts } from '../answer.ts'
import { newcomer } from '../client-view.ts'
import { createEventStore } from './event-store.ts'
import { serveLegacy, type LegacyConnection } from './connection.ts'
import { createStreamable } from './streamable.ts'

/** The most sessions of one endpoint; beyond it the one that was silent for longest ends. */
const MAX_SESSIONS = 10_000
/** How long a session without a request and without a stream is kept, milliseconds. */
const IDLE_MS = 30 * 60_000
/** How long a client is asked to wait before it takes up a stream again, milliseconds. */
const RETRY_MS = 1_000

/** A session of a client of the older era over HTTP. */
export interface Session {
  readonly connection: LegacyConnection
  /** Serves one of its requests. */
  readonly handle: (
    request: IncomingMessage,
    response: ServerResponse,
    body: Json | undefined,
  ) => Promise<void>
}

/** The sessions of one endpoint. */
export interface Sessions {
  /** The session with this id; undefined where there is none, and where it is another principal's. */
  readonly of: (id: string, principal: Principal) => Session | undefined
  /** Serves an `initialize`, with which a session begins. */
  readonly begin: (
    request: IncomingMessage,
    response: ServerResponse,
    principal: Principal,
    body: Json,
    wish: Mode | undefined,
  ) => Promise<void>
  readonly close: () => Promise<void>
}

interface Held extends Session {
  readonly principal: string
  readonly end: () => Promise<void>
  /** Requests and streams that are open. */
  open: number
  timer: NodeJS.Timeout | undefined
}

/** Begins without sessions. */
export function createSessions(parts: AnswerParts, maxBodyBytes: number): Sessions {
  /** Least recently used first. */
  const sessions = new Map<string, Held>()

  function touch(id: string, session: Held): void {
    sessions.delete(id)
    sessions.set(id, session)
    clearTimeout(session.timer)
    session.timer = setTimeout(() => {
      if (session.open === 0) void session.end()
    }, IDLE_MS).unref()
  }

  function makeRoom(): void {
    if (sessions.size < MAX_SESSIONS) return
    const [oldest] = sessions.values()
    void oldest?.end()
  }

  return {
    of(id, principal) {
      const session = sessions.get(id)
      if (session === undefined || session.principal !== principal.id) return undefined
      touch(id, session)
      return session
    },
    async begin(request, response, principal, body, wish) {
      makeRoom()
      const id = randomUUID()
      const transport = await createStreamable({
        sessionIdGenerator: () => id,
        onsessioninitialized: () => {
          touch(id, session)
        },
        eventStore: createEventStore(),
        retryInterval: RETRY_MS,
        maxRequestBodySize: maxBodyBytes,
      })
      const connection = serveLegacy(parts, transport, principal, id, newcomer(wish))
      const closed = transport.onclose
      transport.onclose = () => {
        clearTimeout(session.timer)
        sessions.delete(id)
        closed?.()
      }
      const session: Held = {
        connection,
        principal: principal.id,
        open: 0,
        timer: undefined,
        end: () => transport.close(),
        async handle(incoming, outgoing, parsed) {
          session.open += 1
          outgoing.once('close', () => {
            session.open -= 1
            // From now on it is idle, if nothing else is open.
            if (sessions.has(id)) touch(id, session)
          })
          await transport.handleRequest(incoming, outgoing, parsed)
        },
      }
      await session.handle(request, response, body)
      // A handshake that was refused has begun nothing.
      if (!sessions.has(id)) await session.end()
    },
    async close() {
      await Promise.all([...sessions.values()].map((session) => session.end()))
    },
  }
}
