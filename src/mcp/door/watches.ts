import type { ClientSession } from '../../core/client.ts'
import type { JsonObject } from '../../core/json.ts'
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
  readonly add: (context: RequestContext, params: JsonObject) => Promise<JsonObject>
  /** Answers `resources/unsubscribe`. */
  readonly remove: (context: RequestContext, params: JsonObject) => Promise<JsonObject>
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
  /** What the client called them, by what they are. */
  const spelled = new Map<string, string>()
  let stop: (() => void) | undefined

  const keyOf = (uri: string): string | undefined => {
    const resource = parts.listing.resolveResource(principal, uri)
    return resource === undefined ? undefined : toolKey(resource)
  }
  const unsubscribe = (context: RequestContext, uri: string): Promise<JsonObject> =>
    askResource(parts, context, 'resources/unsubscribe', { uri })

  return {
    async add(context, params) {
      if (spelled.size >= MAX_WATCHES) throw protocolError(-32602, `More than ${MAX_WATCHES} subscriptions.`)
      const { uri } = params
      const key = typeof uri === 'string' ? keyOf(uri) : undefined
      if (typeof uri !== 'string' || key === undefined || !spelled.has(key)) {
        await askResource(parts, context, 'resources/subscribe', params)
      }
      if (typeof uri !== 'string' || key === undefined) return {}
      spelled.set(key, uri)
      stop ??= parts.events.onResourceUpdated((resource) => {
        const name = spelled.get(toolKey(resource))
        // What was allowed when it was subscribed to may be forbidden by now.
        if (name !== undefined && parts.listing.exposeResource(principal, resource) !== undefined) tell(name)
      })
      // The client may have gone while the server was asked.
      if (session.ended.aborted) this.close()
      return {}
    },
    async remove(context, params) {
      const { uri } = params
      const key = typeof uri === 'string' ? keyOf(uri) : undefined
      // Nobody else's subscription is taken away.
      if (key !== undefined && typeof uri === 'string' && spelled.delete(key)) await unsubscribe(context, uri)
      return {}
    },
    close() {
      stop?.()
      const uris = [...spelled.values()]
      spelled.clear()
      for (const uri of uris) {
        unsubscribe({ principal, signal: new AbortController().signal }, uri).catch(() => {})
      }
    },
  }
}
