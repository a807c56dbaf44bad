import type { JSONRPCMessage } from '@modelcontextprotocol/client'
import type { Progress } from '../../../core/call.ts'
import { isJsonObject } from '../../../core/json.ts'
import type { JsonObject } from '../../../core/json.ts'
import { TransportFault } from '../../transports/port.ts'

/** What an answer says: its `result`, unchecked but for being an object, or why there is none. */
export type Outcome = { readonly result: JsonObject } | { readonly fault: TransportFault }

/** Reads an answer to a request. */
export function readAnswer(message: JSONRPCMessage): Outcome {
  const answer: { readonly result?: unknown; readonly error?: unknown } = message as object
  if (isJsonObject(answer.result)) return { result: answer.result }
  if (isJsonObject(answer.error)) {
    const { code, message: text, data } = answer.error
    if (typeof code === 'number') {
      const rpc = { code, message: typeof text === 'string' ? text : '', data }
      return { fault: new TransportFault('rpc', 'the upstream answered with an error', { rpc }) }
    }
  }
  return { fault: new TransportFault('invalid', 'the answer has neither a result object nor an error') }
}

/** Reads the parameters of `notifications/progress`; undefined where they are none. */
export function readProgress(params: JsonObject): Progress | undefined {
  const { progress, total, message } = params
  if (typeof progress !== 'number') return undefined
  return {
    progress,
    ...(typeof total === 'number' ? { total } : {}),
    ...(typeof message === 'string' ? { message } : {}),
  }
}

/**
 * Puts what belongs to this connection into the `_meta` of a message and leaves the rest of it as it was.
 *
 * @param envelope What each message of the era without a handshake carries.
 * @param progressToken Present where progress is wanted.
 */
export function withMeta(
  params: JsonObject,
  envelope: JsonObject | undefined,
  progressToken?: number,
): JsonObject {
  const { _meta, ...others } = params
  // The caller's own token names a request on the other side of the gateway.
  const { progressToken: _foreign, ...rest } = isJsonObject(_meta) ? _meta : {}
  const meta = { ...rest, ...envelope, ...(progressToken === undefined ? {} : { progressToken }) }
  return Object.keys(meta).length === 0 ? others : { ...others, _meta: meta }
}
