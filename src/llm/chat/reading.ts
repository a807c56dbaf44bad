import { GatewayError } from '../../core/errors.ts'
import { isDeeperThan, isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import type { ChatCall, ChatUsage } from './chat-model.ts'

/** Calls of one turn. A model that wants more is broken. */
const MAX_CALLS = 256
/** Of arguments: deeper ones would break what walks through them. */
const MAX_DEPTH = 64
const MAX_NAME = 256
const QUOTED = 200

/** A model is a stranger: nothing of its answer is believed before it was looked at. */
export function invalid(what: string): GatewayError {
  return new GatewayError('upstream_invalid', `The answer of the model is none: ${what}.`)
}

/** A call whose arguments are JSON already. @throws GatewayError `upstream_invalid` where it has no id or no name */
export function toCall(id: Json | undefined, name: Json | undefined, args: Json | undefined): ChatCall {
  const named = toNamed(id, name)
  if (!isJsonObject(args)) return { ...named, problem: 'The arguments of this call are not a JSON object.' }
  if (isDeeperThan(args, MAX_DEPTH))
    return { ...named, problem: `The arguments of this call are nested more than ${MAX_DEPTH} deep.` }
  return { ...named, args }
}

/** A call whose arguments are a text that should be JSON. To many models an empty one means that there are none. */
export function toCallOfText(id: Json | undefined, name: Json | undefined, text: Json | undefined): ChatCall {
  // Some servers give the object itself.
  if (typeof text !== 'string') return toCall(id, name, text ?? {})
  if (text.trim() === '') return toCall(id, name, {})
  let args: Json
  try {
    args = JSON.parse(text) as Json
  } catch {
    const start = text.length > QUOTED ? `${text.slice(0, QUOTED)}…` : text
    return { ...toNamed(id, name), problem: `The arguments of this call are not JSON: ${start}` }
  }
  return toCall(id, name, args)
}

function toNamed(
  id: Json | undefined,
  name: Json | undefined,
): { readonly id: string; readonly name: string } {
  if (typeof id !== 'string' || id === '' || id.length > MAX_NAME) throw invalid('a call has no id')
  if (typeof name !== 'string' || name === '' || name.length > MAX_NAME) throw invalid('a call has no name')
  return { id, name }
}

/** Calls whose results can be told apart. @throws GatewayError `upstream_invalid` for too many, and for an id that two of them have */
export function checkCalls(calls: readonly ChatCall[]): readonly ChatCall[] {
  if (calls.length > MAX_CALLS) throw invalid(`it makes more than ${MAX_CALLS} calls`)
  if (new Set(calls.map(({ id }) => id)).size < calls.length) throw invalid('two calls have the same id')
  return calls
}

/** A count of tokens; absent or null: `otherwise`. @throws GatewayError `upstream_invalid` for anything that is no count */
export function readCount(from: JsonObject, name: string, otherwise?: number): number {
  const value = from[name] ?? otherwise
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw invalid(`its usage has no count "${name}"`)
  return value
}

/** What is measured hangs on these figures, so those that cannot be are refused. @throws GatewayError `upstream_invalid` */
export function checkUsage(usage: ChatUsage): ChatUsage {
  if (usage.cachedInput + usage.cacheWrite > usage.input)
    throw invalid('its usage has more tokens in the cache than were sent')
  return usage
}
