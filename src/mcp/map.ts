import { GatewayError } from '../core/errors.ts'
import type { ErrorCode } from '../core/error-table.ts'
import type { ErrorDetail } from '../core/errors.ts'
import { isDeeperThan, isJsonObject } from '../core/json.ts'
import type { Json, JsonObject } from '../core/json.ts'
import type { Result } from '../core/result.ts'
import type { QuarantinedTool, ToolSpec } from '../core/tool.ts'
import type { Redactor } from '../secrets/redactor.ts'
import { describeHeaderFault } from './param-headers.ts'
import { handOnWritten } from './raw-result.ts'
import type { FaultKind, TransportFault } from './transports/port.ts'

/** The longest name of a tool, in characters. */
const NAME_CHARACTERS = 128
/** How deep a definition may be nested. The deepest of 2,128 real tools has 22 levels. */
const SCHEMA_DEPTH = 64
/** How large a definition may be, bytes of JSON. The largest of 2,128 real tools has 85 kB. */
const DEFINITION_BYTES = 512 * 1_024
const DETAIL_CHARACTERS = 4_096
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const CONTROL_CHARACTER = /[\u0000-\u001f\u007f-\u009f]/

/**
 * Reads one tool of a list. Whatever is wrong with it costs the list only this tool.
 *
 * @param position Where the tool stood in the list, from 1.
 * @param repeatsArguments True where arguments are repeated in HTTP headers if the definition asks for it.
 * @returns The tool with its definition untouched, or why it cannot be used.
 */
export function toToolSpec(
  server: string,
  raw: unknown,
  position: number,
  repeatsArguments = false,
): ToolSpec | QuarantinedTool {
  if (!isJsonObject(raw)) return { server, name: `#${position}`, reason: 'The definition is not an object.' }
  const { name, title, description, inputSchema, outputSchema, annotations } = raw
  const nameFault = describeNameFault(name)
  if (typeof name !== 'string' || nameFault !== undefined) {
    return { server, name: `#${position}`, reason: nameFault ?? 'It has no name.' }
  }
  const quarantine = (reason: string): QuarantinedTool => ({ server, name, reason })
  // Depth before size: writing JSON recurses, and a hostile depth would end the stack.
  if (isDeeperThan(raw, SCHEMA_DEPTH)) return quarantine(`It is nested deeper than ${SCHEMA_DEPTH} levels.`)
  const bytes = Buffer.byteLength(JSON.stringify(raw))
  if (bytes > DEFINITION_BYTES) {
    return quarantine(`Its definition has ${bytes} bytes; the limit is ${DEFINITION_BYTES}.`)
  }
  if (inputSchema === undefined) return quarantine('It has no inputSchema.')
  if (!isJsonObject(inputSchema)) return quarantine('Its inputSchema is not an object.')
  // Some servers leave `type` out, and then the schema still describes an object.
  if (inputSchema['type'] !== undefined && inputSchema['type'] !== 'object') {
    return quarantine('The type of its inputSchema is not "object".')
  }
  const headerFault = repeatsArguments ? describeHeaderFault(inputSchema) : undefined
  if (headerFault !== undefined) return quarantine(headerFault)
  if (outputSchema !== undefined && !isJsonObject(outputSchema)) {
    return quarantine('Its outputSchema is not an object.')
  }
  return Object.freeze({
    ref: Object.freeze({ server, name }),
    ...(typeof title === 'string' ? { title } : {}),
    ...(typeof description === 'string' ? { description } : {}),
    inputSchema,
    ...(outputSchema === undefined ? {} : { outputSchema }),
    ...(isJsonObject(annotations) ? { annotations } : {}),
    definition: raw,
  })
}

function describeNameFault(name: unknown): string | undefined {
  if (typeof name !== 'string' || name === '') return 'It has no name.'
  if (name.length > NAME_CHARACTERS) {
    return `Its name has ${name.length} characters; the limit is ${NAME_CHARACTERS}.`
  }
  return CONTROL_CHARACTER.test(name) ? 'Its name holds a control character.' : undefined
}

/**
 * True for an answer to `tools/call` that holds what the tool gave; false for one of another type, such as a task that will
 * give it later. Source: MCP 2026-07-28, basic, "Results"; MCP 2025-11-25, "Tasks".
 */
export function isToolContent(raw: JsonObject): boolean {
  const { resultType = 'complete', content, structuredContent, task } = raw
  const isTask = isJsonObject(task) && content === undefined && structuredContent === undefined
  return resultType === 'complete' && !isTask
}

/**
 * Reads the result of `tools/call`. Members, content blocks and annotations that are not known go through.
 *
 * @param era Of the connection: 2026-07-28 wraps a result in a `resultType`, which belongs to the wire.
 * @throws GatewayError `upstream_invalid` where it is no result.
 */
export function toResult(server: string, raw: JsonObject, era: 'legacy' | 'modern'): Result {
  const invalid = (what: string): GatewayError =>
    new GatewayError('upstream_invalid', `The answer of "${server}" is not a tool result: ${what}.`, {
      detail: { server },
    })
  const { resultType, ...rest } = raw
  if (era === 'modern' && resultType !== undefined && resultType !== 'complete') {
    throw invalid('its resultType is not known')
  }
  const body = era === 'modern' ? rest : raw
  const { structuredContent, isError, _meta } = body
  // Content is left out by some servers that have structured content to give; then nothing is missing.
  const content = body['content'] ?? (structuredContent === undefined ? undefined : [])
  if (!Array.isArray(content)) throw invalid('it has no content')
  const blocks: readonly Json[] = content
  if (!blocks.every(isBlock)) throw invalid('a content block is not an object with a type')
  if (isError !== undefined && typeof isError !== 'boolean') throw invalid('isError is not a boolean')
  if (_meta !== undefined && !isJsonObject(_meta)) throw invalid('_meta is not an object')
  const result = { ...body, content: blocks }
  // Where content had to be made up, the bytes are not those of this result.
  return Object.freeze(body['content'] === undefined ? result : handOnWritten(raw, result))
}

function isBlock(block: Json): block is JsonObject {
  return isJsonObject(block) && typeof block['type'] === 'string'
}

const CODES: Readonly<Record<FaultKind, ErrorCode>> = {
  rpc: 'upstream_failed',
  closed: 'upstream_closed',
  unsent: 'upstream_unavailable',
  invalid: 'upstream_invalid',
  too_large: 'upstream_too_large',
  http: 'upstream_failed',
  timeout: 'upstream_unavailable',
  cancelled: 'call_cancelled',
}

/** Statuses of a server, or of what stands before it, that is not there at the moment. */
const UNAVAILABLE_STATUSES: readonly number[] = [401, 403, 404, 429, 502, 503, 504]

/**
 * Puts what went wrong on the way to an upstream into the words of the error table.
 *
 * @param redactor Takes credentials out of the upstream's own words.
 */
export function toUpstreamError(
  server: string,
  fault: TransportFault,
  redactor: Pick<Redactor, 'text' | 'json'>,
): GatewayError {
  const detail: Record<string, string> = { server }
  const options = (): { detail: ErrorDetail; cause: unknown } => ({ detail, cause: fault })
  if (fault.rpc !== undefined) {
    const { code, message, data } = fault.rpc
    detail['upstreamCode'] = String(code)
    const said = redactor.json(data)
    detail['upstreamMessage'] = cut(redactor.text(message))
    if (said !== undefined) detail['upstreamData'] = cut(writeJson(said))
    const text = `"${server}" answered with error ${code}: ${detail['upstreamMessage']}`
    const rpc = {
      code,
      message: detail['upstreamMessage'],
      ...(said === undefined ? {} : { data: said }),
    }
    return new GatewayError('upstream_failed', text, { ...options(), rpc })
  }
  if (fault.kind === 'cancelled') return new GatewayError('call_cancelled', 'The caller cancelled the call.')
  detail['reason'] = cut(fault.message)
  if (fault.status !== undefined) detail['upstreamStatus'] = String(fault.status)
  const isAway = fault.status !== undefined && UNAVAILABLE_STATUSES.includes(fault.status)
  const code = fault.kind === 'http' && isAway ? 'upstream_unavailable' : CODES[fault.kind]
  return new GatewayError(code, `"${server}": ${detail['reason']}.`, options())
}

function cut(text: string): string {
  return text.length > DETAIL_CHARACTERS ? `${text.slice(0, DETAIL_CHARACTERS)}…` : text
}

function writeJson(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch {
    // Nested so deep that it cannot be written.
    return '[unwritable]'
  }
}
