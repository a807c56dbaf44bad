import type { IncomingMessage } from 'node:http'

import type { FastifyInstance } from 'fastify'

import { GatewayError } from '../../core/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import type { NewId } from '../../core/ports.ts'
import type { Principal } from '../../core/principal.ts'
import { replyOf } from '../../core/result.ts'
import type { ToolSpec } from '../../core/tool.ts'
import type { Gateway } from '../../gateway/gateway.ts'
import { sendError, type OnError } from '../faults.ts'
import { takeJson } from './json-body.ts'

/** What the REST door needs of a gateway. */
export interface RestParts {
  readonly gateway: Pick<Gateway, 'handler' | 'isVisible' | 'snapshot' | 'listable'>
  readonly newId: NewId
}

interface RestDoorParts extends RestParts {
  readonly onError: OnError
  /** Who sent a request. @throws GatewayError `unauthorized` */
  readonly principalOf: (request: IncomingMessage) => Principal
}

interface CallRoute {
  readonly Params: { readonly server: string; readonly tool: string }
  readonly Body: Json | undefined
}

/**
 * Adds the REST door: `GET /v1/tools` lists what the caller may use, `POST /v1/tools/<server>/<tool>/call` uses it, with the arguments
 * as the body. The answer is the result as MCP has it; a tool's own failure is a result too.
 */
export function addRestDoor(root: FastifyInstance, parts: RestDoorParts): void {
  const { gateway, newId, onError, principalOf } = parts
  root.register(async (app) => {
    takeJson(app)
    app.setErrorHandler((thrown, _request, reply) => sendError(reply, thrown, onError, 'plain'))
    // oxlint-disable-next-line oxc/no-async-endpoint-handlers -- this framework waits for them
    app.get('/v1/tools', async (request) => {
      const principal = principalOf(request.raw)
      await gateway.listable()
      const { tools } = gateway.snapshot().catalog
      return { tools: tools.filter(({ ref }) => gateway.isVisible(principal, 'rest', ref)).map(toEntry) }
    })
    app.post<CallRoute>('/v1/tools/:server/:tool/call', async (request, reply) => {
      const { params, body = {}, raw } = request
      if (!isJsonObject(body))
        throw new GatewayError('invalid_arguments', 'The arguments are one JSON object.')
      const gone = new AbortController()
      reply.raw.once('close', () => {
        if (!reply.raw.writableFinished) gone.abort()
      })
      const result = await gateway.handler(
        Object.freeze({
          id: newId(),
          door: 'rest',
          principal: principalOf(raw),
          tool: Object.freeze({ server: params.server, name: params.tool }),
          args: body,
          signal: gone.signal,
          ...toMeta(raw.headers['traceparent']),
        }),
      )
      return replyOf(result) ?? result
    })
  })
}

/** Source: W3C Trace Context, "traceparent Header". */
const TRACE_PARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/

/** The trace that the caller follows, where a call over MCP carries it. */
function toMeta(traceparent: string | readonly string[] | undefined): { readonly meta?: JsonObject } {
  return typeof traceparent === 'string' && TRACE_PARENT.test(traceparent) ? { meta: { traceparent } } : {}
}

/** A tool as its server defines it, under the names by which it is called here. */
function toEntry({ ref, definition }: ToolSpec): JsonObject {
  return { ...definition, server: ref.server, name: ref.name }
}
