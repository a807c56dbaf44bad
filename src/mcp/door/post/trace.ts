import type { IncomingHttpHeaders } from 'node:http'

import { isJsonObject, type Json } from '../../../core/json.ts'

/** Source: W3C Trace Context, "traceparent Header". */
const TRACE_PARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/

/**
 * A request with the trace that its HTTP request belongs to, where it names none itself: from there on it is known by its `_meta`, as MCP
 * carries it. Source: MCP 2026-07-28, basic, "_meta" (`traceparent`).
 */
export function withTrace(body: Json, { traceparent }: IncomingHttpHeaders): Json {
  if (typeof traceparent !== 'string' || !TRACE_PARENT.test(traceparent)) return body
  if (!isJsonObject(body) || body['method'] === undefined) return body
  const params = body['params'] ?? {}
  if (!isJsonObject(params)) return body
  const meta = params['_meta'] ?? {}
  if (!isJsonObject(meta) || meta['traceparent'] !== undefined) return body
  return { ...body, params: { ...params, _meta: { ...meta, traceparent } } }
}
