import { isJsonObject } from '../../../core/json.ts'
import { BACKOFF_MAX_MS, BACKOFF_MIN_MS } from '../wire/backoff.ts'
import type { Connection } from '../wire/connection.ts'
import { createThrottle } from './throttle.ts'

/** The shortest time between two lists, milliseconds. */
const RELIST_MS = 1_000

/** What an upstream announces: the capability, how it is subscribed to, and how it is told. */
const LISTS = [
  { capability: 'tools', filter: 'toolsListChanged', told: 'notifications/tools/list_changed' },
  { capability: 'prompts', filter: 'promptsListChanged', told: 'notifications/prompts/list_changed' },
  { capability: 'resources', filter: 'resourcesListChanged', told: 'notifications/resources/list_changed' },
] as const

/** Calls `list` after each change of what a server has, not too often and never twice at a time. Ends with the connection. */
export function listOnChange(connection: Connection, list: () => Promise<void>): void {
  const relist = createThrottle(list, RELIST_MS)
  void connection.exchange.closed.then(relist.stop)
  watchListChanges(connection, relist.trigger)
}

/**
 * Calls `onChange` whenever the upstream says that one of its lists has changed.
 *
 * The older era sends the notification by itself. On 2026-07-28 it has to be subscribed to; a subscription
 * that ends while the connection lives is made again, and what was missed meanwhile counts as a change.
 * Ends with the connection.
 */
function watchListChanges(connection: Connection, onChange: () => void): void {
  const stopped = new AbortController()
  const { exchange, era } = connection
  exchange.onNotification((method) => {
    if (LISTS.some(({ told }) => told === method)) onChange()
  })
  const { capabilities } = exchange.greeting()
  const announced = LISTS.filter(({ capability }) => {
    const can = isJsonObject(capabilities) ? capabilities[capability] : undefined
    return isJsonObject(can) && can['listChanged'] === true
  })
  const filter = Object.fromEntries(announced.map((list) => [list.filter, true]))
  if (era === 'modern' && announced.length > 0) void subscribe(connection, filter, onChange, stopped.signal)
  void exchange.closed.then(() => stopped.abort())
}

async function subscribe(
  connection: Connection,
  filter: Readonly<Record<string, boolean>>,
  onChange: () => void,
  signal: AbortSignal,
): Promise<void> {
  let waitMs = BACKOFF_MIN_MS
  for (let isFirst = true; !signal.aborted; isFirst = false) {
    try {
      const subscription = await connection.client.listen(filter, { signal })
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
