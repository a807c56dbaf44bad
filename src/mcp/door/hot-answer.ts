import type { ServerResponse } from 'node:http'

import type { Principal } from '../../core/principal.ts'
import type { Result } from '../../core/result.ts'
import { answerCall, serverInfo, type AnswerParts, type ProtocolError } from './answer.ts'
import type { HotCall } from './hot-call.ts'

const SERVER_INFO = 'io.modelcontextprotocol/serverInfo'

/**
 * Answers a hot call: the same `answerCall` as the SDK's way, one JSON body, one write. When the client goes away the
 * call is cancelled. Never rejects.
 */
export async function answerHotCall(
  parts: AnswerParts,
  principal: Principal,
  { id, era, params }: HotCall,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) gone.abort()
  })
  let answer: object
  try {
    const result = await answerCall(parts, principal, params, gone.signal, undefined)
    answer = { jsonrpc: '2.0', id, result: era === 'modern' ? toModern(result, parts.version) : result }
  } catch (thrown) {
    const { code, message, data } = thrown as ProtocolError
    answer = { jsonrpc: '2.0', id, error: { code, message, ...(data === undefined ? {} : { data }) } }
  }
  if (gone.signal.aborted) return
  sendJson(response, 200, answer)
}

/** Sends one JSON body with its length. */
export function sendJson(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
  })
  // As a string: Node then sends head and body in one write.
  response.end(text)
}

/** What every result of 2026-07-28 carries. Source: MCP 2026-07-28, basic, "Results". */
function toModern(result: Result, version: string): object {
  const { resultType = 'complete', _meta = {} } = result
  return { ...result, resultType, _meta: { [SERVER_INFO]: serverInfo(version), ..._meta } }
}
