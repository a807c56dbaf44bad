import type { ServerResponse } from 'node:http'

import type { FastifyReply } from 'fastify'

import { describeError, GatewayError, toGatewayError } from '../core/errors.ts'
import type { JsonObject } from '../core/json.ts'

/** Hears of failures that nobody foresaw. */
export type OnError = (error: GatewayError) => void

/** How an error is written: as JSON-RPC has it, or plainly for doors that speak no JSON-RPC. */
type Wording = 'json-rpc' | 'plain'

/** An error as it goes over HTTP. */
interface ErrorAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: JsonObject
}

/** An error with the HTTP status of the table. */
function toErrorAnswer(thrown: unknown, onError: OnError, wording: Wording): ErrorAnswer {
  const error = toGatewayError(fromFramework(thrown) ?? thrown)
  const { code, entry, message, detail } = error
  if (code === 'internal') onError(error)
  const { retryAfterMs } = detail
  return {
    status: entry.http,
    headers: {
      ...(entry.http === 401 ? { 'WWW-Authenticate': 'Bearer realm="isogate"' } : {}),
      // In whole seconds, and never so few that the request comes too early. Source: RFC 9110, 10.2.3.
      ...(typeof retryAfterMs === 'number' ? { 'Retry-After': String(Math.ceil(retryAfterMs / 1_000)) } : {}),
    },
    body:
      wording === 'json-rpc'
        ? {
            jsonrpc: '2.0',
            id: null,
            error: { code: entry.jsonRpc, message: describeError(error), data: { ...detail, code } },
          }
        : {
            error: { code, message, remedy: entry.remedy, retryable: entry.retryable, detail: { ...detail } },
          },
  }
}

/** Answers an error through the framework. */
export function sendError(
  reply: FastifyReply,
  thrown: unknown,
  onError: OnError,
  wording: Wording,
): FastifyReply {
  const { status, headers, body } = toErrorAnswer(thrown, onError, wording)
  return reply.code(status).headers(headers).send(body)
}

/** Answers an error on a connection that may be broken, or may be in the middle of an answer. */
export function refuse(response: ServerResponse, thrown: unknown, onError: OnError): void {
  const { status, headers, body } = toErrorAnswer(thrown, onError, 'json-rpc')
  if (response.headersSent) return void response.destroy()
  const text = JSON.stringify(body)
  response.writeHead(status, {
    ...headers,
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
  })
  response.end(text)
}

export function nothingAt(url: string): GatewayError {
  return new GatewayError('not_found', `There is nothing at ${url.slice(0, 200)}.`)
}

/** The framework's own refusals of malformed requests carry a 4xx status. */
function fromFramework(thrown: unknown): GatewayError | undefined {
  const status = (thrown as { statusCode?: unknown } | undefined)?.statusCode
  if (thrown instanceof GatewayError || typeof status !== 'number' || status < 400 || status >= 500)
    return undefined
  return status === 413
    ? new GatewayError('body_too_large', 'The body is longer than what is accepted.')
    : new GatewayError('bad_request', 'The request cannot be read.')
}
