import { CLIENT_CAPABILITIES_META_KEY, LOG_LEVEL_META_KEY } from '@modelcontextprotocol/client'
import type { Call } from '../../../core/call.ts'
import type { JsonObject } from '../../../core/json.ts'
import { replyResult } from '../../../core/result.ts'
import type { Result } from '../../../core/result.ts'
import type { ToolSpec } from '../../../core/tool.ts'
import { isToolContent, toResult } from '../../map.ts'
import type { Connection } from '../wire/connection.ts'
import { relay } from './leases.ts'
import { paramHeaders } from '../../param-headers.ts'
import { answerQuestion, withInput } from './questions.ts'

/**
 * Sends a call over a connection and answers what the server asks meanwhile.
 *
 * Rejects with a TransportFault, or with a GatewayError that says that the answer is no result or that the client could not be
 * asked.
 *
 * @param spec Of the tool, where its arguments may have to be repeated in headers.
 */
export async function sendCall(
  server: string,
  { exchange, era }: Connection,
  call: Call,
  spec: ToolSpec | undefined,
): Promise<Result> {
  const { method = 'tools/call', signal, onProgress, client } = call
  const params = paramsOf(call)
  const options = {
    signal,
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(spec === undefined ? {} : { headers: paramHeaders(spec.inputSchema, call.args) }),
    ...(client === undefined
      ? {}
      : {
          envelope: envelopeOf(client.capabilities, client.logLevel),
          onNotification: (told: string, about: JsonObject) => relay(client, told, about),
          onRequest: (asked: string, about: JsonObject) => answerQuestion(server, client, asked, about),
        }),
  }
  const first = await exchange.request(method, params, options)
  const raw =
    era === 'modern'
      ? await withInput(server, client, first, (more) =>
          exchange.request(method, { ...params, ...more }, options),
        )
      : first
  if (call.method !== undefined || !isToolContent(raw)) return replyResult(raw)
  return toResult(server, raw, era)
}

function paramsOf({ method, tool, args, extra, meta }: Call): JsonObject {
  const _meta = meta === undefined ? {} : { _meta: meta }
  if (method !== undefined) return { ...args, ..._meta }
  return { ...extra, name: tool.name, arguments: args, ..._meta }
}

/** What a server of 2026-07-28 is told of the client, with each request. */
function envelopeOf(capabilities: JsonObject, logLevel: string | undefined): JsonObject {
  return {
    [CLIENT_CAPABILITIES_META_KEY]: capabilities,
    ...(logLevel === undefined ? {} : { [LOG_LEVEL_META_KEY]: logLevel }),
  }
}
