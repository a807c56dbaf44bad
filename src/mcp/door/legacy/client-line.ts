import type { JSONRPCMessage, RequestId, Transport } from '@modelcontextprotocol/server'

import type { ClientRequest } from '../../../core/client.ts'
import { GatewayError } from '../../../core/errors.ts'
import { isJsonObject, type JsonObject } from '../../../core/json.ts'

/** Requests to a client of the older era, over a connection that lasts. */
export interface ClientLine {
  /** Sends a request. Rejects with a GatewayError: `client_refused`, `call_cancelled`. */
  readonly ask: (request: ClientRequest, related: RequestId, signal: AbortSignal) => Promise<JsonObject>
  /** Sends a notification, where the client can be reached. */
  readonly tell: (method: string, params: JsonObject, related?: RequestId) => void
  /** Takes what came without a method: an answer to a request of ours, or nothing that we know. */
  readonly answered: (message: JsonObject) => void
  readonly close: () => void
}

/** Uses the connection to ask its client. */
export function createClientLine(transport: Transport): ClientLine {
  const open = new Map<number, { resolve: (result: JsonObject) => void; reject: (error: Error) => void }>()
  let nextId = 1
  const send = (message: object, related: RequestId | undefined): Promise<void> =>
    transport.send(
      { jsonrpc: '2.0', ...message } as unknown as JSONRPCMessage,
      related === undefined ? {} : { relatedRequestId: related },
    )

  return {
    ask: (request, related, signal) =>
      new Promise((resolve, reject) => {
        const id = nextId++
        const cancelled = (): GatewayError =>
          new GatewayError('call_cancelled', 'The call ended before the client answered.')
        if (signal.aborted) return reject(cancelled())
        const onAbort = (): void => {
          settle()
          const params = { requestId: id, reason: 'The call that asked has ended.' }
          send({ method: 'notifications/cancelled', params }, related).catch(() => {})
          reject(cancelled())
        }
        const settle = (): void => {
          open.delete(id)
          signal.removeEventListener('abort', onAbort)
        }
        open.set(id, {
          resolve: (result) => (settle(), resolve(result)),
          reject: (error) => (settle(), reject(error)),
        })
        signal.addEventListener('abort', onAbort, { once: true })
        send({ id, ...request }, related).catch(() => {
          settle()
          reject(new GatewayError('client_refused', 'The client cannot be reached.'))
        })
      }),
    tell(method, params, related) {
      // Where the request is over, or is answered without a stream, the client may have a stream for all the rest.
      const again = (): Promise<void> => send({ method, params }, undefined)
      const told = send({ method, params }, related)
      // A client that has gone cannot be told anything, and need not be.
      ;(related === undefined ? told : told.catch(again)).catch(() => {})
    },
    answered(message) {
      const waiting = typeof message['id'] === 'number' ? open.get(message['id']) : undefined
      if (waiting === undefined) return
      const { result, error } = message
      if (isJsonObject(result)) return waiting.resolve(result)
      const { code, message: text } = isJsonObject(error) ? error : {}
      const rpc = {
        code: typeof code === 'number' ? code : -32603,
        message: typeof text === 'string' ? text : 'no answer',
      }
      waiting.reject(
        new GatewayError('client_refused', `The client answered: ${rpc.message.slice(0, 500)}.`, { rpc }),
      )
    },
    close() {
      for (const { reject } of Array.from(open.values()))
        reject(new GatewayError('call_cancelled', 'The client has gone.'))
    },
  }
}
