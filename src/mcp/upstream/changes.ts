import { BACKOFF_MAX_MS, BACKOFF_MIN_MS } from './backoff.ts'
import type { Connection } from './connection.ts'
import { createThrottle } from './throttle.ts'

/** The shortest time between two lists, milliseconds. */
const RELIST_MS = 1_000

/** Calls `list` after each change of the tools, not too often and never twice at a time. Ends with the connection. */
export function listOnChange(connection: Connection, list: () => Promise<void>): void {
  const relist = createThrottle(list, RELIST_MS)
  void connection.exchange.closed.then(relist.stop)
  watchToolChanges(connection, relist.trigger)
}

/**
 * Calls `onChange` whenever the upstream says that its tools have changed.
 *
 * The older era sends the notification by itself. On 2026-07-28 it has to be subscribed to; a subscription
 * that ends while the connection lives is made again, and what was missed meanwhile counts as a change.
 * Ends with the connection.
 */
function watchToolChanges(connection: Connection, onChange: () => void): void {
  const stopped = new AbortController()
  connection.exchange.onNotification((method) => {
    if (method === 'notifications/tools/list_changed') onChange()
  })
  const announces = connection.client.getServerCapabilities()?.tools?.listChanged === true
  if (connection.era === 'modern' && announces) void subscribe(connection, onChange, stopped.signal)
  void connection.exchange.closed.then(() => stopped.abort())
}

async function subscribe(connection: Connection, onChange: () => void, signal: AbortSignal): Promise<void> {
  let waitMs = BACKOFF_MIN_MS
  for (let isFirst = true; !signal.aborted; isFirst = false) {
    try {
      const subscription = await connection.client.listen({ toolsListChanged: true }, { signal })
      if (!isFirst) onChange()
      waitMs = BACKOFF_MIN_MS
      await subscription.closed
    } catch {
      // Refused, or the stream broke: tried again below, less and less often.
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMs).unref()
      signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
    })
    waitMs = Math.min(waitMs * 2, BACKOFF_MAX_MS)
  }
}
