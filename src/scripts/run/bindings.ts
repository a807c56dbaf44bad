import type { Catalog } from '../catalog/catalog.ts'
import { CODE_SERVER } from '../config/own-tools.ts'
import type { Call, Handler } from '../core/call.ts'
import type { ErrorCode } from '../core/error-table.ts'
import { GatewayError, toGatewayError } from '../core/errors.ts'
import { isJsonObject } from '../core/json.ts'
import type { NewId } from '../core/ports.ts'
import type { ScriptCall, ScriptCallOutcome } from '../core/run.ts'
import { toolKey, type ToolRef } from '../core/tool.ts'
import { toBindingValue, toFailureMessage } from './binding-value.ts'

/** A call that a script made, for the list of what has taken effect. */
export interface MadeCall {
  readonly tool: string
  /** `unknown`: it was sent and no answer came, so it may have taken effect. */
  readonly outcome: 'ok' | 'error' | 'unknown'
}

/** Refusals and faults that come when a call may have reached its tool already. */
const SENT: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'call_timeout',
  'call_cancelled',
  'upstream_closed',
  'upstream_invalid',
  'upstream_too_large',
  'upstream_failed',
])

export interface BindingParts {
  /** The call of `code.run_script` that the run belongs to. */
  readonly run: Call
  /** Pinned when the run starts: names mean the same until it ends. */
  readonly catalog: Catalog
  /** Live: a tool that is taken away is gone for the next call. */
  readonly isVisible: (tool: ToolRef) => boolean
  readonly handler: Handler
  readonly newId: NewId
  readonly made: (call: MadeCall) => void
}

/** Turns the calls of a script into governed calls of the same principal, with the deadline and signal of its run. */
export function createBindings(parts: BindingParts): (call: ScriptCall) => Promise<ScriptCallOutcome> {
  const { run, catalog, handler } = parts
  return async ({ server, tool, args, signal }) => {
    const wanted = `${server}.${tool}`
    try {
      const known = catalog.names.resolvePair(server, tool)
      // A hidden tool keeps the name that the script wrote: its native one in an answer would tell that it is there.
      const ref = known !== undefined && parts.isVisible(known) ? known : { server, name: tool }
      if (ref.server === CODE_SERVER)
        throw new GatewayError('nested_run', `${wanted} cannot be called from a script.`)
      if (!isJsonObject(args))
        throw new GatewayError('invalid_arguments', `${wanted} takes one object of named arguments.`)
      const call: Call = Object.freeze({
        id: parts.newId(),
        parent: run.id,
        door: 'script',
        principal: run.principal,
        tool: ref,
        args,
        ...(run.deadline === undefined ? {} : { deadline: run.deadline }),
        ...(run.client === undefined ? {} : { client: run.client }),
        signal,
      })
      const result = await handler(call)
      const failed = result.isError === true
      parts.made({ tool: toolKey(ref), outcome: failed ? 'error' : 'ok' })
      if (!failed) return { ok: true, value: toBindingValue(result) }
      return { ok: false, error: { code: 'tool_error', message: toFailureMessage(result), retryable: false } }
    } catch (thrown) {
      const { code, message, detail, entry } = toGatewayError(thrown)
      if (SENT.has(code)) parts.made({ tool: wanted, outcome: 'unknown' })
      return {
        ok: false,
        error: { code, message: `${message} ${entry.remedy}`, retryable: entry.retryable, detail },
      }
    }
  }
}
