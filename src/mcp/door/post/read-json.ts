import type { IncomingMessage, ServerResponse } from 'node:http'

import { describeError, GatewayError } from '../../../core/errors.ts'
import { isDeeperThan, type Json } from '../../../core/json.ts'
import { readBody } from './body.ts'
import { sendJson } from './reply.ts'

/** Source: JSON-RPC 2.0, "Error object". */
const PARSE_ERROR = -32700
export const INVALID_REQUEST = -32600

/** Deeper than any real request, and shallow enough for everything that walks through it by recursion. */
export const MAX_LEVELS = 256

/**
 * Reads a body of JSON that is neither too long nor too deep. Undefined where it is not; then the request has been answered.
 * Rejects where the client goes away.
 */
export async function readJson(
  request: IncomingMessage,
  response: ServerResponse,
  maxBodyBytes: number,
): Promise<{ readonly value: Json; readonly bytes: number } | undefined> {
  const text = await readBody(request, maxBodyBytes)
  if (text === undefined) {
    refuseLength(response, maxBodyBytes)
    return undefined
  }
  let value: Json
  try {
    value = JSON.parse(text.toString('utf8')) as Json
  } catch {
    refuse(response, 400, PARSE_ERROR, 'The body is not JSON.')
    return undefined
  }
  // Nobody can nest so deep with so little.
  if (text.length < 2 * MAX_LEVELS || !isDeeperThan(value, MAX_LEVELS)) return { value, bytes: text.length }
  refuse(response, 400, INVALID_REQUEST, `The body is nested more than ${MAX_LEVELS} levels deep.`)
  return undefined
}

function refuseLength(response: ServerResponse, maxBodyBytes: number): void {
  const error = new GatewayError(
    'body_too_large',
    `The body has more than the ${maxBodyBytes} bytes that are accepted.`,
  )
  // The rest of the body is not read, so the connection is of no further use.
  response.setHeader('Connection', 'close')
  refuse(response, error.entry.http, error.entry.jsonRpc, describeError(error), { code: error.code })
}

/** Refuses a request as JSON-RPC does; the id is null where none could be read. */
export function refuse(
  response: ServerResponse,
  status: number,
  code: number,
  message: string,
  data?: unknown,
  id: Json = null,
): void {
  const error = { code, message, ...(data === undefined ? {} : { data }) }
  sendJson(response, status, { jsonrpc: '2.0', id, error })
}
