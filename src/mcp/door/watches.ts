import type { ClientSession } from '../../core/client.ts'
import type { JsonObject } from '../../core/json.ts'
import { UNKNOWN_CLIENT } from '../../core/listing.ts'
import type { Principal } from '../../core/principal.ts'
import { toolKey } from '../../core/tool.ts'
import type { AnswerParts, RequestContext } from './answer.ts'
import { protocolError } from './protocol-error.ts'
import { askResource } from './request.ts'

/** The most resources that one client watches. */
const MAX_WATCHES = 1_000

/** The resources that one client wants to hear of. */
export interface Watches {
  /** Answers `resources/subscribe`. Rejects as the server or the layers refuse it. */
  readonly add: (context: Pick<RequestContext, 'signal'>, params: JsonObject) => Promise<JsonObject>
  /** Answers `resources/unsubscribe`. */
  readonly remove: (context: Pick<RequestContext, 'signal'>, params: JsonObject) => Promise<JsonObject>
  /** Gives up all of them. */
  readonly close: () => void
}

/** @param tell Called with each URI that was subscribed to and has changed, as the client spelled it. */
export function createWatches(
  parts: AnswerParts,
  principal: Principal,
  session: ClientSession,
  tell: (uri: string) => void,
): Watches {
  /** By what they are. */
  const watched = new Map<string, Watch>()
  let stop: (() => void) | undefined

  const keyOf = (uri: unknown): string | undefined => {
    const resource = typeof uri === 'string' ? parts.listing.resolveResource(principal, uri) : undefined
    return resource === undefined ? undefined : toolKey(resource)
  }
  /** In nobody's name: all clients share one subscription, so it must not go over a connection of this one's own. */
  const ask = (method: string, params: JsonObject, signal: AbortSignal): Promise<JsonObject> =>
    askResource(parts, { principal, signal, view: UNKNOWN_CLIENT }, method, params)

  async function begin(key: string, uri: string, told: Promise<unknown>): Promise<void> {
    const watch: Watch = { uri, told }
    watched.set(key, watch)
    stop ??= parts.events.onResourceUpdated((resource) => {
      const known = watched.get(toolKey(resource))
      // What was allowed when it was subscribed to may be forbidden by now.
      if (known !== undefined && parts.listing.exposeResource(principal, resource) !== undefined)
        tell(known.uri)
    })
    await told.catch((error: unknown) => {
      if (watched.get(key) === watch) watched.delete(key)
      throw error
    })
  }

  return {
    async add({ signal }, params) {
      const { uri } = params
      const key = keyOf(uri)
      if (typeof uri !== 'string' || key === undefined) return ask('resources/subscribe', params, signal)
      const known = watched.get(key)
      if (known !== undefined) {
        known.uri = uri
        await known.told
        return {}
      }
      if (watched.size >= MAX_WATCHES) throw protocolError(-32602, `More than ${MAX_WATCHES} subscriptions.`)
      if (!session.ended.aborted) await begin(key, uri, ask('resources/subscribe', params, signal))
      return {}
    },
    async remove({ signal }, { uri }) {
      const key = keyOf(uri)
      // Nobody else's subscription is taken away.
      if (key !== undefined && watched.delete(key)) {
        await ask('resources/unsubscribe', { uri }, signal)
      }
      return {}
    },
    close() {
      stop?.()
      const all = [...watched.values()]
      watched.clear()
      for (const { uri, told } of all) {
        // What is being subscribed to at the moment must have been, to be given up.
        told.then(() => ask('resources/unsubscribe', { uri }, new AbortController().signal)).catch(() => {})
      }
    },
  }
}

interface Watch {
  /** What the client called it. */
  uri: string
  readonly told: Promise<unknown>
}
