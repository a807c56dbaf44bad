import type { ServerResponse } from 'node:http'

import type { CallClient } from '../../../core/client.ts'
import type { ClientView } from '../../../core/listing.ts'
import type { Principal } from '../../../core/principal.ts'
import { writtenOf } from '../../raw-result.ts'
import { answerCall, serverInfo, type AnswerParts } from '../answer.ts'
import type { HotCall } from './call.ts'
import { goneSignal } from '../post/gone.ts'
import { sendBytes, sendJson, statusOf } from '../post/reply.ts'
import { toLegacyResult } from '../legacy/wire.ts'
import { SERVER_INFO, toModernResult } from '../modern/wire.ts'
import { toRpcError, type DoorEra } from '../protocol-error.ts'

const END = Buffer.from('}')

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
  view: ClientView,
  { id, era, params }: HotCall,
  response: ServerResponse,
  session: HotSession | undefined,
): Promise<void> {
  const { signal, client } = session ?? { signal: goneSignal(response), client: undefined }
  const context = client === undefined ? { principal, view, signal } : { principal, view, signal, client }
  let answer: object
  let status = 200
  try {
    const result = await answerCall(parts, context, params)
    const written = writtenResult(result, era, parts.version)
    if (written !== undefined) {
      const head = `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":`
      if (!response.destroyed) sendBytes(response, Buffer.concat([Buffer.from(head), ...written, END]))
      return
    }
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

/** The result as its server wrote it, where the client may have it so; undefined where it has to be written anew. */
function writtenResult(result: object, era: DoorEra, version: string): readonly Buffer[] | undefined {
  const written = writtenOf(result)
  // A result of the one era has what one of the other must not have, or lacks what it must have.
  if (written === undefined || written.isModern !== (era === 'modern')) return undefined
  if (era === 'legacy') return [written.bytes]
  if ('_meta' in result) return undefined
  const meta = JSON.stringify({ [SERVER_INFO]: serverInfo(version) })
  return [written.bytes.subarray(0, -1), Buffer.from(`,"_meta":${meta}}`)]
}
