import type { JSONRPCMessage, RequestId, Transport } from '@modelcontextprotocol/server'

import type { Progress } from '../../../core/call.ts'
import type { CallClient, ClientSession } from '../../../core/client.ts'
import { isJsonObject, type JsonObject } from '../../../core/json.ts'
import type { CatalogChange, ClientView } from '../../../core/listing.ts'
import type { Principal } from '../../../core/principal.ts'
import type { Result } from '../../../core/result.ts'
import { serverInfo, type AnswerParts, type RequestContext } from '../answer.ts'
import { introduced } from '../client-view.ts'
import { createClientLine } from './client-line.ts'
import { agreeOnVersion, isLogLevel, isLoud, toLegacyResult } from './wire.ts'
import { protocolError, toRpcError } from '../protocol-error.ts'
import { answerRequest } from '../request.ts'
import { createWatches } from '../watches.ts'

/** A client of the older era on a connection of its own. */
export interface LegacyConnection {
  /** What its calls say of it. */
  readonly client: (request: RequestId | undefined, signal: AbortSignal) => CallClient
  /** Who it is. */
  readonly view: () => ClientView
  /** A signal for a request that is answered elsewhere, so that the client can cancel it; `done` forgets it. */
  readonly begin: (id: RequestId) => { readonly signal: AbortSignal; readonly done: () => void }
  /** True where the client said that it can be asked something. */
  readonly canBeAsked: () => boolean
  readonly close: () => void
}

/**
 * Serves a client that opens with `initialize`, over any transport, until the transport closes. Messages are read as they
 * came: what nobody knows is not lost in a schema.
 *
 * @param id Of the connection, unique in this process.
 * @param seen What is known of the client before it introduces itself.
 */
export function serveLegacy(
  parts: AnswerParts,
  transport: Transport,
  principal: Principal,
  id: string,
  seen: ClientView,
): LegacyConnection {
  const { listing, events } = parts
  const line = createClientLine(transport)
  const running = new Map<RequestId, AbortController>()
  const ended = new AbortController()
  const session: ClientSession = { id, ended: ended.signal }
  const watches = createWatches(parts, principal, session, (uri) =>
    line.tell('notifications/resources/updated', { uri }),
  )
  let capabilities: JsonObject = {}
  let view = seen
  let logLevel: string | undefined
  let isReady = false

  const stopChanges = events.onChange((change) => {
    if (isReady && concerns(listing.server, change)) announce(change)
  })
  const announce = ({ tools, prompts, resources }: CatalogChange): void => {
    if (tools) line.tell('notifications/tools/list_changed', {})
    if (prompts) line.tell('notifications/prompts/list_changed', {})
    if (resources) line.tell('notifications/resources/list_changed', {})
  }

  transport.onmessage = (message: JSONRPCMessage) => receive(message as unknown as JsonObject)
  transport.onclose = close

  function receive(message: JsonObject): void {
    const { id: requestId, method } = message
    const params = isJsonObject(message['params']) ? message['params'] : {}
    if (typeof method !== 'string') return line.answered(message)
    if (typeof requestId === 'string' || typeof requestId === 'number') {
      return void onRequest(requestId, method, params)
    }
    if (method === 'notifications/initialized') isReady = true
    if (method === 'notifications/cancelled') {
      const cancelled = params['requestId']
      if (typeof cancelled === 'string' || typeof cancelled === 'number') running.get(cancelled)?.abort()
    }
  }

  async function onRequest(requestId: RequestId, method: string, params: JsonObject): Promise<void> {
    const { signal, done } = begin(requestId)
    const send = (body: object): Promise<void> =>
      transport.send({ jsonrpc: '2.0', id: requestId, ...body } as unknown as JSONRPCMessage)
    try {
      const result = await answer(requestId, method, params, signal)
      // Source: MCP 2025-11-25, "Cancellation": no response to what was cancelled.
      if (!signal.aborted) await send({ result: toLegacyResult(result) })
    } catch (thrown) {
      if (!signal.aborted) await send({ error: toRpcError(thrown, 'legacy') }).catch(() => {})
    } finally {
      done()
    }
  }

  async function answer(
    requestId: RequestId,
    method: string,
    params: JsonObject,
    signal: AbortSignal,
  ): Promise<Result | JsonObject> {
    if (method === 'initialize') {
      // Its answer tells what there is.
      await parts.listable?.()
      return initialize(params)
    }
    if (method === 'ping') return {}
    const context: RequestContext = {
      principal,
      view,
      signal,
      client: client(requestId, signal),
      ...progressOf(requestId, params),
    }
    if (method === 'logging/setLevel') {
      if (!isLogLevel(params['level'])) throw protocolError(-32602, '`level` is not a level of log messages.')
      logLevel = params['level']
      return {}
    }
    if (method === 'resources/subscribe') return watches.add(context, params)
    if (method === 'resources/unsubscribe') return watches.remove(context, params)
    return answerRequest(parts, context, method, params)
  }

  function initialize(params: JsonObject): JsonObject {
    if (isJsonObject(params['capabilities'])) ({ capabilities } = params as { capabilities: JsonObject })
    view = introduced(view, params['clientInfo'])
    const instructions = listing.instructions(principal, view)
    return {
      protocolVersion: agreeOnVersion(params['protocolVersion']),
      capabilities: listing.capabilities(principal),
      serverInfo: serverInfo(parts.version),
      ...(instructions === undefined ? {} : { instructions }),
    }
  }

  function client(requestId: RequestId | undefined, signal: AbortSignal): CallClient {
    return {
      session,
      capabilities,
      ...(logLevel === undefined ? {} : { logLevel }),
      async ask(requests) {
        const asked = Object.entries(requests).map(async ([key, request]) => {
          return [key, await line.ask(request, requestId ?? '', signal)] as const
        })
        return Object.fromEntries(await Promise.all(asked))
      },
      tell(method, params) {
        if (method === 'notifications/message' && !isLoud(params['level'], logLevel)) return
        line.tell(method, params, requestId)
      },
    }
  }

  function progressOf(requestId: RequestId, params: JsonObject): Pick<RequestContext, 'onProgress'> {
    const { progressToken } = isJsonObject(params['_meta']) ? params['_meta'] : {}
    if (typeof progressToken !== 'string' && typeof progressToken !== 'number') return {}
    return {
      onProgress: (progress: Progress) =>
        line.tell('notifications/progress', { progressToken, ...progress }, requestId),
    }
  }

  function begin(requestId: RequestId): ReturnType<LegacyConnection['begin']> {
    const controller = new AbortController()
    running.set(requestId, controller)
    return {
      signal: controller.signal,
      done: () => {
        if (running.get(requestId) === controller) running.delete(requestId)
      },
    }
  }

  function close(): void {
    if (ended.signal.aborted) return
    ended.abort()
    stopChanges()
    watches.close()
    line.close()
    for (const controller of running.values()) controller.abort()
  }

  return {
    client,
    view: () => view,
    begin,
    canBeAsked: () => Object.keys(capabilities).length > 0,
    close,
  }
}

/** True where a change is one of what the endpoint shows. */
export function concerns(server: string | undefined, change: CatalogChange): boolean {
  return server === undefined || change.servers.includes(server)
}
