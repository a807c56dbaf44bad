import type { Call, Layer } from '../../core/call.ts'
import type { CallClient, ClientRequest } from '../../core/client.ts'
import { GatewayError } from '../../core/errors.ts'
import type { JsonObject } from '../../core/json.ts'
import { replyOf, replyResult, type Result } from '../../core/result.ts'

/** Takes known secrets out; `src/secrets/redactor.ts`. */
export interface SecretFilter {
  readonly text: (text: string) => string
  /** The same object where there is no secret. */
  readonly json: <Value>(value: Value) => Value
  readonly isInBytes: (bytes: Buffer) => boolean
}

/** Causes of causes that are looked at; what is deeper is left out. */
const MAX_CAUSES = 5

/**
 * Takes the credentials of upstreams out of everything that a call gives: its result or its error, progress, and what a server tells the
 * client or asks it meanwhile. Where nothing is found, which is nearly always, everything goes on as the object that it was: a large
 * result with the bytes that its server wrote.
 *
 * @param bytesOf The bytes as which doors send a result, where it has some.
 */
export function createRedactLayer(
  filter: SecretFilter,
  bytesOf: (result: object) => Buffer | undefined,
): Layer {
  const cleanResult = (result: Result): Result => {
    const reply = replyOf(result)
    if (reply !== undefined) {
      const clean = cleanObject(reply)
      return clean === reply ? result : replyResult(clean)
    }
    return cleanObject(result) as Result
  }

  /** A new object has no bytes, so doors write it anew. */
  function cleanObject(object: JsonObject): JsonObject {
    const bytes = bytesOf(object)
    if (bytes === undefined) return filter.json(object)
    if (!filter.isInBytes(bytes)) return object
    const clean = filter.json(object)
    // Found in the bytes and not in the object: a member that is there twice, of which the second one counted.
    return clean === object ? { ...object } : clean
  }

  return (next) => async (call) => {
    try {
      return cleanResult(await next(isWatched(call) ? Object.freeze(watched(call, filter)) : call))
    } catch (thrown) {
      throw cleanError(thrown, filter, MAX_CAUSES)
    }
  }
}

function isWatched({ onProgress, client }: Call): boolean {
  return onProgress !== undefined || client !== undefined
}

function watched(call: Call, filter: SecretFilter): Call {
  const { onProgress, client } = call
  return {
    ...call,
    ...(onProgress === undefined
      ? {}
      : {
          onProgress: (progress) =>
            onProgress(
              progress.message === undefined
                ? progress
                : { ...progress, message: filter.text(progress.message) },
            ),
        }),
    ...(client === undefined ? {} : { client: cleanClient(client, filter) }),
  }
}

function cleanClient(client: CallClient, filter: SecretFilter): CallClient {
  return {
    ...client,
    ask: (requests) => client.ask(cleanRequests(requests, filter)),
    tell: (method, params) => client.tell(method, filter.json(params)),
  }
}

function cleanRequests(
  requests: Readonly<Record<string, ClientRequest>>,
  { json }: SecretFilter,
): Readonly<Record<string, ClientRequest>> {
  return Object.fromEntries(
    Object.entries(requests).map(([key, { method, params }]) => [key, { method, params: json(params) }]),
  )
}

/** The same error where there is no secret in it. Its causes count too: they go to the log. */
function cleanError(thrown: unknown, filter: SecretFilter, causes: number): unknown {
  if (thrown === undefined || causes < 0) return undefined
  if (thrown instanceof GatewayError) return cleanGatewayError(thrown, filter, causes)
  if (typeof thrown === 'string') return filter.text(thrown)
  if (!(thrown instanceof Error)) return isClean(thrown, filter) ? thrown : undefined
  const { name, message, stack = '', cause } = thrown
  const clean = { message: filter.text(message), stack: filter.text(stack) }
  const cleanCause = cleanError(cause, filter, causes - 1)
  const isSame = clean.message === message && clean.stack === stack && cleanCause === cause
  if (isSame && isClean(thrown, filter)) return thrown
  return Object.assign(new Error(clean.message, { cause: cleanCause }), { name, stack: clean.stack })
}

function cleanGatewayError(error: GatewayError, filter: SecretFilter, causes: number): GatewayError {
  const { code, rpc } = error
  const message = filter.text(error.message)
  const detail = filter.json(error.detail)
  const cleanRpc = rpc === undefined ? undefined : filter.json(rpc)
  const cause = cleanError(error.cause, filter, causes - 1)
  if (message === error.message && detail === error.detail && cleanRpc === rpc && cause === error.cause)
    return error
  return new GatewayError(code, message, {
    detail,
    ...(cause === undefined ? {} : { cause }),
    ...(cleanRpc === undefined ? {} : { rpc: cleanRpc }),
  })
}

/** What a log would write of a thing, its own members that is. What cannot be written is not clean. */
function isClean(thing: unknown, { isInBytes }: SecretFilter): boolean {
  try {
    return !isInBytes(Buffer.from(JSON.stringify(thing) ?? ''))
  } catch {
    return false
  }
}
