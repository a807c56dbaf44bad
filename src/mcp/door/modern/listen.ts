import type { ClientSession } from '../../../core/client.ts'
import { isJsonObject, type JsonObject } from '../../../core/json.ts'
import type { Principal } from '../../../core/principal.ts'
import type { AnswerParts } from '../answer.ts'
import { concerns } from '../legacy/connection.ts'
import { protocolError } from '../protocol-error.ts'
import { createWatches } from '../watches.ts'

const SUBSCRIPTION_ID = 'io.modelcontextprotocol/subscriptionId'

/** Lists whose changes can be listened to: the member of the filter, the capability, and the notification. */
const LISTS = [
  { filter: 'toolsListChanged', list: 'tools', told: 'notifications/tools/list_changed' },
  { filter: 'promptsListChanged', list: 'prompts', told: 'notifications/prompts/list_changed' },
  { filter: 'resourcesListChanged', list: 'resources', told: 'notifications/resources/list_changed' },
] as const

/** A `subscriptions/listen` that is open. */
export interface Listening {
  readonly close: () => void
  /** What the response says when the gateway ends it. */
  readonly farewell: JsonObject
}

/**
 * Opens a subscription: acknowledges what will be told, and tells it until it is closed.
 * Source: MCP 2026-07-28, "Subscriptions".
 *
 * @param notify Sends a notification of this subscription.
 * @throws an error with a JSON-RPC `code` where the filter is none
 */
export async function listen(
  parts: AnswerParts,
  principal: Principal,
  id: string | number,
  params: JsonObject,
  notify: (method: string, params: JsonObject) => void,
): Promise<Listening> {
  const { notifications: filter } = params
  if (!isJsonObject(filter))
    throw protocolError(-32602, 'subscriptions/listen needs `notifications`, a filter.')
  const { resourceSubscriptions: uris = [] } = filter
  if (!Array.isArray(uris) || !uris.every((uri) => typeof uri === 'string')) {
    throw protocolError(-32602, '`resourceSubscriptions` is a list of URIs.')
  }
  const { listing, events } = parts
  const _meta = { [SUBSCRIPTION_ID]: id }
  let isAcknowledged = false
  const tell = (method: string, about: JsonObject): void => {
    // The acknowledgement comes first; what is read after it is newer than any change before it.
    if (isAcknowledged) notify(method, { ...about, _meta })
  }
  const capabilities = listing.capabilities(principal)
  const can = (list: string, what: string): boolean => {
    const capability = capabilities[list]
    return isJsonObject(capability) && capability[what] === true
  }
  const lists = LISTS.filter((entry) => filter[entry.filter] === true && can(entry.list, 'listChanged'))
  // Most clients listen for lists only: thousands of them may be idle, each for hours.
  const watching =
    uris.length > 0 && can('resources', 'subscribe')
      ? await watch(parts, principal, uris, (uri) => tell('notifications/resources/updated', { uri }))
      : { watched: [], close: () => {} }
  const { watched } = watching
  isAcknowledged = true
  tell('notifications/subscriptions/acknowledged', {
    notifications: {
      ...Object.fromEntries(lists.map((entry) => [entry.filter, true])),
      ...(watched.length === 0 ? {} : { resourceSubscriptions: watched }),
    },
  })
  const stop = events.onChange((change) => {
    if (!concerns(listing.server, change)) return
    for (const { list, told } of lists) if (change[list]) tell(told, {})
  })
  return {
    farewell: { _meta },
    close() {
      stop()
      watching.close()
    },
  }
}

async function watch(
  parts: AnswerParts,
  principal: Principal,
  uris: readonly string[],
  tell: (uri: string) => void,
): Promise<{ readonly watched: readonly string[]; readonly close: () => void }> {
  const ended = new AbortController()
  const session: ClientSession = { id: parts.newId(), ended: ended.signal }
  const watches = createWatches(parts, principal, session, tell)
  const watched = await Promise.all(
    uris.map((uri) =>
      watches.add({ signal: ended.signal }, { uri }).then(
        () => [uri],
        // What cannot be listened to is not acknowledged.
        () => [],
      ),
    ),
  )
  return {
    watched: watched.flat(),
    close() {
      ended.abort()
      watches.close()
    },
  }
}
