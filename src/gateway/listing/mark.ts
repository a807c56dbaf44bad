import { isJsonObject, type JsonObject } from '../../core/json.ts'
import type { Gateway } from '../gateway.ts'

/** The member of a definition's `_meta` that says that its server is not there at the moment. */
const MARK = 'isogate/server'

/**
 * The definition of something that a server had when it was last listed, marked where the server is not there now. What a
 * server that is there said is shown as it said it.
 */
export function withMark(gateway: Gateway, server: string, definition: JsonObject): JsonObject {
  const state = gateway.stateOf(server)
  if (state === undefined || state === 'ready') return definition
  const { _meta: meta } = definition
  return { ...definition, _meta: { ...(isJsonObject(meta) ? meta : {}), [MARK]: state } }
}
