import type { ServerResponse } from 'node:http'

import type { CallClient } from '../../core/client.ts'
import type { Principal } from '../../core/principal.ts'
import { answerCall, type AnswerParts } from './answer.ts'
import type { HotCall } from './hot-call.ts'
import { sendJson, statusOf } from './http-reply.ts'
import { toLegacyResult } from './legacy-wire.ts'
import { toModernResult } from './modern-wire.ts'
import { toRpcError } from './protocol-error.ts'

/** The session that a hot call belongs to, where it belongs to one. */
export interface HotSession {
  readonly client: CallClient
  readonly signal: AbortSignal
}

/**
 * Answers a hot call: the same `answerCall` as the slow way, one JSON body, one write. When the client goes away the
 * call is cancelled, unless it belongs to a session, which the end of a request does not end. Never rejects.
 */
export async function answerHotCall(
  parts: AnswerParts,
  principal: Principal,
  { id, era, params }: HotCall,
  response: ServerResponse,
  session: HotSession | undefined,
): Promise<void> {
  const { signal, client } = session ?? { signal: goneSignal(response), client: undefined }
  const context = client === undefined ? { principal, signal } : { principal, signal, client }
  let answer: object
  let status = 200
  try {
    const result = await answerCall(parts, context, params)
    const shown =
      era === 'modern' ? toModernResult(result, 'tools/call', parts.version) : toLegacyResult(result)
    answer = { jsonrpc: '2.0', id, result: shown }
  } catch (thrown) {
    const error = toRpcError(thrown, era)
    if (era === 'modern') status = statusOf(error)
    answer = { jsonrpc: '2.0', id, error }
  }
  if (response.destroyed) return
  sendJson(response, status, answer)
}

function goneSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) gone.abort()
  })
  return gone.signal
}
