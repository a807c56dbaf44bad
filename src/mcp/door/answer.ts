import type { Call, Door, Handler } from '../../core/call.ts'
import type { CallClient } from '../../core/client.ts'
import { describeError, toGatewayError, type GatewayError } from '../../core/errors.ts'
import { isJsonObject, type JsonObject } from '../../core/json.ts'
import type { CatalogChange, ClientView, Listing } from '../../core/listing.ts'
import type { NewId } from '../../core/ports.ts'
import type { Principal } from '../../core/principal.ts'
import { replyOf, type Result } from '../../core/result.ts'
import type { ToolRef } from '../../core/tool.ts'
import { protocolError } from './protocol-error.ts'
import type { Tasks } from './tasks.ts'

/** What a door can listen to. Each function returns the way to stop. */
export interface DoorEvents {
  readonly onChange: (listener: (change: CatalogChange) => void) => () => void
  readonly onResourceUpdated: (listener: (resource: ToolRef) => void) => () => void
}

/** What is needed to answer requests, whichever way they came. */
export interface AnswerParts {
  readonly door: Extract<Door, 'mcp' | 'stdio'>
  readonly version: string
  readonly handler: Handler
  readonly listing: Listing
  readonly events: DoorEvents
  /** What a list should wait for, not longer than a moment; undefined where it need not. Absent: it never waits. */
  readonly listable?: () => Promise<void> | undefined
  readonly tasks: Tasks
  readonly newId: NewId
}

/** How a request came. */
export interface RequestContext {
  readonly principal: Principal
  /** Who looks at a list, and whose names those of a call are. */
  readonly view: ClientView
  readonly signal: AbortSignal
  readonly onProgress?: NonNullable<Call['onProgress']>
  readonly client?: CallClient
}

/** The parameters of a `tools/call`. */
const KNOWN: readonly string[] = ['name', 'arguments', '_meta']

/** How the gateway introduces itself. */
export function serverInfo(version: string): { name: string; title: string; version: string } {
  return { name: 'isogate', title: 'Isogate', version }
}

/**
 * Answers one `tools/call`: its parameters become a call, what comes back becomes the result on the wire.
 *
 * @throws an error with a JSON-RPC `code` where the answer is a protocol error
 */
export async function answerCall(
  parts: AnswerParts,
  context: RequestContext,
  params: JsonObject,
): Promise<Result | JsonObject> {
  const { name, arguments: args = {}, _meta: meta } = params
  if (typeof name !== 'string') throw protocolError(-32602, 'tools/call needs a `name`.')
  if (!isJsonObject(args)) throw protocolError(-32602, '`arguments` of tools/call must be an object.')
  // A name that leads nowhere is refused by the layers, and so is one that is forbidden, as the same.
  const tool = parts.listing.resolve(context.principal, name, context.view) ?? { server: '', name }
  const call = callOf(parts, context, tool, args, meta)
  const extra = extraOf(params)
  if (extra !== undefined) call.extra = extra
  try {
    const result = await parts.handler(Object.freeze(call))
    const reply = replyOf(result)
    if (reply !== undefined) parts.tasks.remember(reply, tool, context.principal)
    return reply ?? result
  } catch (thrown) {
    return toErrorResult(parts, toGatewayError(thrown))
  }
}

/** A call while it is made: by members and not by spreading, because every call of every client comes by here. */
type CallInTheMaking = { -readonly [member in keyof Call]: Call[member] }

/** What all calls of a request have in common. The caller freezes it. */
export function callOf(
  { newId, door }: AnswerParts,
  { principal, signal, onProgress, client }: RequestContext,
  tool: ToolRef,
  args: JsonObject,
  meta: unknown,
): CallInTheMaking {
  const call: CallInTheMaking = { id: newId(), door, principal, tool, args, signal }
  if (onProgress !== undefined) call.onProgress = onProgress
  if (client !== undefined) call.client = client
  const relayed = isJsonObject(meta) ? metaForUpstream(meta) : undefined
  if (relayed !== undefined) call.meta = relayed
  return call
}

/** Parameters of a `tools/call` that this door does not know; undefined where there are none. */
function extraOf(params: JsonObject): JsonObject | undefined {
  if (Object.keys(params).every((key) => KNOWN.includes(key))) return undefined
  return Object.fromEntries(Object.entries(params).filter(([key]) => !KNOWN.includes(key)))
}

/** Asks a server to send the user to a web page first: a client acts on the code. Source: MCP 2025-11-25, elicitation. */
const URL_ELICITATION_REQUIRED = -32042

/**
 * What a model can act on is a result with `isError`; an unknown tool is a protocol error, and so is one that a client acts on.
 * Source: MCP 2025-11-25 and 2026-07-28, server/tools, "Error Handling".
 */
function toErrorResult({ listing }: AnswerParts, error: GatewayError): Result {
  const { code, detail, entry, rpc } = error
  if (code === 'unknown_tool') throw protocolError(entry.jsonRpc, describeError(error), { code, ...detail })
  if (rpc !== undefined && (listing.server !== undefined || rpc.code === URL_ELICITATION_REQUIRED)) {
    throw protocolError(rpc.code, rpc.message, rpc.data)
  }
  return {
    content: [{ type: 'text', text: describeError(error) }],
    isError: true,
    _meta: { 'isogate/error': { code, retryable: entry.retryable, detail: { ...detail } as JsonObject } },
  }
}

/**
 * What `_meta` says beyond this hop; undefined where that is nothing. A progress token and the protocol's own envelope are
 * between a client and this door.
 */
function metaForUpstream(meta: JsonObject): JsonObject | undefined {
  const relayed = Object.entries(meta).filter(
    ([key]) => key !== 'progressToken' && !key.startsWith('io.modelcontextprotocol/'),
  )
  return relayed.length === 0 ? undefined : Object.fromEntries(relayed)
}
