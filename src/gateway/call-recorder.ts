import type { Audit, AuditEvent } from '../core/audit.ts'
import type { AuditPlan } from '../config/schema/audit.ts'
import type { Call } from '../core/call.ts'
import type { JsonObject } from '../core/json.ts'
import { replyOf, type Result } from '../core/result.ts'
import type { ToolRef } from '../core/tool.ts'
import { mayBeMade } from '../policy/limits/budgets/charge.ts'
import { wantedName } from '../policy/layers/admit.ts'
import type { CallRecorder, EndedCall } from '../policy/layers/journal.ts'

/** What a recorder of calls works with. */
export interface CallRecorderParts {
  readonly audit: Audit
  readonly durability: AuditPlan['durability']
  /** True for a tool that changes nothing. */
  readonly isReadOnly: (tool: ToolRef) => boolean
  /** What is kept of the arguments. */
  readonly argumentsOf: (call: Call) => Pick<AuditEvent, 'argumentsHash' | 'args' | 'argumentBytes'>
}

/** A text that is recorded is cut here: names are strangers'. */
const MAX_NAME = 1_024
/** Source: W3C Trace Context, "traceparent Header". */
const TRACE_PARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/

/**
 * Makes the record of each call. Where it has to be on the disk before the answer leaves, the answer waits for it; where that could not be,
 * the call is refused before anything is done.
 */
export function createCallRecorder({
  audit,
  durability,
  isReadOnly,
  argumentsOf,
}: CallRecorderParts): CallRecorder {
  const isStrict = (call: Call): boolean => {
    if (durability !== 'auto') return durability === 'strict'
    // A call that is only simulated changes nothing.
    return call.isSimulated === undefined && !isReadOnly(call.tool)
  }
  return {
    // Also what only reads: what cannot be recorded is not done.
    begin: () => audit.requireReady(),
    end(ended) {
      const event = toEvent(ended, argumentsOf(ended.call))
      const { error } = ended
      const isUnmade = durability === 'auto' && error !== undefined && !mayBeMade({ thrown: error })
      if (!isUnmade && isStrict(ended.call)) return audit.record(event)
      audit.note(event)
      return undefined
    },
  }
}

function toEvent(
  { call, trail, atMs, durationMs, result, error }: EndedCall,
  args: Pick<AuditEvent, 'argumentsHash' | 'args' | 'argumentBytes'>,
): AuditEvent {
  const { standing } = trail
  const traceId = trail.traceId ?? traceIdOf(call.meta)
  return {
    kind: call.isSimulated === true ? 'suggestion' : 'call',
    atMs: Math.floor(atMs),
    id: call.id,
    ...(call.parent === undefined ? {} : { parent: call.parent }),
    ...(traceId === undefined ? {} : { traceId }),
    door: call.door,
    principal: call.principal.id,
    ...(standing?.organisation === undefined ? {} : { organisation: standing.organisation }),
    ...(standing?.team === undefined ? {} : { team: standing.team }),
    ...(call.method === undefined ? {} : { method: call.method.slice(0, MAX_NAME) }),
    tool: wantedName(call.tool).slice(0, MAX_NAME),
    ...args,
    ...(trail.verdict === undefined ? {} : { verdict: trail.verdict }),
    ...(trail.rule === undefined ? {} : { rule: trail.rule.slice(0, MAX_NAME) }),
    ...(trail.approval === undefined ? {} : { approval: trail.approval }),
    outcome: error !== undefined ? 'refused' : result?.isError === true ? 'tool_error' : 'ok',
    ...(error === undefined ? {} : { code: error.code }),
    durationMs: Math.round(durationMs * 10) / 10,
    ...(result === undefined ? {} : { resultBytes: bytesOf(result) }),
  }
}

/** Bytes of the texts and data of a result; of one that has none, of its structured content. */
function bytesOf(result: Result): number {
  const reply = replyOf(result)
  if (reply !== undefined) return Buffer.byteLength(JSON.stringify(reply))
  let bytes = 0
  for (const { text, data } of result.content) {
    if (typeof text === 'string') bytes += Buffer.byteLength(text)
    if (typeof data === 'string') bytes += Buffer.byteLength(data)
  }
  if (bytes > 0 || result.structuredContent === undefined) return bytes
  return Buffer.byteLength(JSON.stringify(result.structuredContent))
}

function traceIdOf(meta: JsonObject | undefined): string | undefined {
  const parent = meta?.['traceparent']
  return typeof parent === 'string' ? TRACE_PARENT.exec(parent)?.[1] : undefined
}
