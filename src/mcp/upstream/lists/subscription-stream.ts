import { BACKOFF_MAX_MS, BACKOFF_MIN_MS } from '../wire/backoff.ts'
import type { Connection } from '../wire/connection.ts'
import { later } from '../../transports/later.ts'

/** How long a server may take to acknowledge a subscription before it is taken for granted, milliseconds. */
const ACKNOWLEDGE_MS = 5_000

/** The one `subscriptions/listen` of an upstream of 2026-07-28 that is about resources. */
export interface SubscriptionStream {
  /** Listens to what is wanted now, and to nothing else. Resolves when the server knows. Never rejects. */
  readonly renew: (connection: Connection) => Promise<void>
}

/**
 * @param wanted The URIs that somebody wants to hear of.
 * @param onMissed Called with the URIs of a stream that had ended and is open again.
 */
export function createStream(
  wanted: () => string[],
  onMissed: (uris: readonly string[]) => void,
): SubscriptionStream {
  let listening: AbortController | undefined
  /** The connection on which what is listened to is not what is wanted. */
  let stale: Connection | undefined
  let renewing: Promise<void> | undefined

  /** The stream of before ends when the new one is open: nothing is missed between them. */
  async function replace(connection: Connection): Promise<void> {
    const before = listening
    const uris = wanted()
    listening = undefined
    if (uris.length > 0) {
      const next = (listening = new AbortController())
      const { promise: known, resolve } = Promise.withResolvers<void>()
      void keepListening(connection, uris, next.signal, resolve, onMissed)
      await Promise.race([known, later(ACKNOWLEDGE_MS, next.signal)])
    }
    before?.abort()
  }

  async function renewWhileStale(): Promise<void> {
    // Many that come in the meantime make one more stream, not many.
    for (let connection = stale; connection !== undefined; connection = stale) {
      stale = undefined
      await replace(connection)
    }
    renewing = undefined
  }

  return {
    renew(connection) {
      stale = connection
      renewing ??= renewWhileStale()
      return renewing
    },
  }
}

/** A stream that ends while the connection lives is opened again, less and less often. */
async function keepListening(
  { client, exchange }: Connection,
  resourceSubscriptions: string[],
  stopped: AbortSignal,
  onTried: () => void,
  onMissed: (uris: readonly string[]) => void,
): Promise<void> {
  const gone = new AbortController()
  void exchange.closed.then(() => gone.abort())
  const signal = AbortSignal.any([stopped, gone.signal])
  let waitMs = BACKOFF_MIN_MS
  for (let isFirst = true; !signal.aborted; isFirst = false) {
    try {
      const subscription = await client.listen({ resourceSubscriptions }, { signal })
      onTried()
      if (!isFirst) onMissed(resourceSubscriptions)
      waitMs = BACKOFF_MIN_MS
      await subscription.closed
    } catch {
      // Refused, or broken off: tried again below.
    }
    onTried()
    await later(waitMs, signal)
    waitMs = Math.min(waitMs * 2, BACKOFF_MAX_MS)
  }
}
