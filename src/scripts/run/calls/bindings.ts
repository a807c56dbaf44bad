import type { Catalog } from '../../../catalog/catalog.ts'
import { CODE_SERVER } from '../../../config/own-tools.ts'
import type { Call, Handler } from '../../../core/call.ts'
import type { ErrorCode } from '../../../core/error-table.ts'
import { GatewayError, toGatewayError } from '../../../core/errors.ts'
import { isDeeperThan, isJsonObject, type Json, type JsonObject } from '../../../core/json.ts'
import type { NewId } from '../../../core/ports.ts'
import type { Result } from '../../../core/result.ts'
import type { ScriptCall, ScriptCallError, ScriptCallOutcome } from '../../../core/run.ts'
import { toolKey, type ToolRef, type ToolSpec } from '../../../core/tool.ts'
import type { KnownEffect } from '../suspended/kept-run.ts'
import { toFailureMessage } from './binding-value.ts'
import { toEarlierOutcome } from './earlier-outcome.ts'
import type { BegunCall, MadeCalls } from './made-calls.ts'
import { pausingClient } from './paused-client.ts'
import { runOfCall, type ResumableRun } from './run-of-call.ts'

/** Refusals and faults that come when a call may have reached its tool already. What nobody foresaw may come at any time. */
const SENT: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'call_timeout',
  'call_cancelled',
  'upstream_closed',
  'upstream_invalid',
  'upstream_too_large',
  'upstream_failed',
  'client_refused',
  'client_cannot',
  // Of a strict record, after the call.
  'audit_unavailable',
  'internal',
])

/** No tool takes deeper arguments; no client may send them either. */
const MAX_LEVELS = 256

/** The server under which the guest asks for what is no tool: `tools.$search`, `tools.$describe`, `runs.open`. */
const GUEST_SERVER = '$isogate'

export interface BindingParts {
  /** The call of the run. */
  readonly run: Call
  /** Pinned when the run starts: names mean the same until it ends. */
  readonly catalog: Catalog
  /** Live: a tool that is taken away is gone for the next call. */
  readonly isVisible: (tool: ToolRef) => boolean
  readonly handler: Handler
  readonly newId: NewId
  readonly made: MadeCalls
  /** Answers what the guest asks for that is no tool. */
  readonly inquire: (what: string, args: JsonObject) => Promise<Json> | Json
  readonly toValue: (result: Result) => Promise<Json> | Json
  readonly isReadOnly: (spec: ToolSpec) => boolean
  /** As `isReadOnly`, where the word of the server counts for nothing: such a call alone may be repeated when a run is played again. */
  readonly isKnownToRead: (spec: ToolSpec) => boolean
  /** True: only tools that read are really called. */
  readonly isDryRun: boolean
  /** Of a run that may be suspended: what is kept of it. Absent: a call that has to wait ends it. */
  readonly resumable?: ResumableRun
  /** Hears of each value that a tool gave. */
  readonly observe: (spec: ToolSpec, value: Json) => void
  /** Hears of each call that was refused or went wrong on the way, with the name that the script wrote. */
  readonly onRefusal: (tool: string, error: GatewayError) => void
  /** The parameters of a tool in one line, for whoever got them wrong. */
  readonly parametersOf: (spec: ToolSpec) => string
}

/**
 * Turns the calls of a script into governed calls of the same principal. They end with the run by its signal and have no deadline of it:
 * that is a moment, and the clock of the run stands still while its client is asked.
 */
export function createBindings(parts: BindingParts): (call: ScriptCall) => Promise<ScriptCallOutcome> {
  const { run, catalog, handler, made } = parts
  const progress = createProgress(run)

  /** A hidden tool keeps the name that the script wrote: its native one in an answer would tell that it is there. */
  const resolve = ({ server, tool }: ScriptCall): ToolRef => {
    const known = catalog.names.resolvePair(server, tool)
    const ref = known !== undefined && parts.isVisible(known) ? known : { server, name: tool }
    if (ref.server === CODE_SERVER)
      throw new GatewayError('nested_run', `${server}.${tool} cannot be called from a script.`)
    return ref
  }

  const toCall = (
    { signal }: ScriptCall,
    tool: ToolRef,
    args: JsonObject,
    isSimulated: boolean,
    more: Pick<Call, 'run' | 'client'>,
  ): Call =>
    Object.freeze({
      id: parts.newId(),
      parent: run.id,
      door: 'script',
      principal: run.principal,
      tool,
      args,
      ...(run.onProgress === undefined ? {} : { onProgress: progress.of(toolKey(tool), signal) }),
      ...(isSimulated ? { isSimulated } : {}),
      ...more,
      signal,
    })

  return async (scriptCall) => {
    const { server, tool, args, key, line } = scriptCall
    const wanted = `${server}.${tool}`
    const kept = parts.resumable?.kept
    let spec: ToolSpec | undefined
    let begun: BegunCall | undefined
    let isWritten = false
    let foundLater: KnownEffect | undefined
    const toKnownOutcome = (known: KnownEffect, call: BegunCall): ScriptCallOutcome => {
      if (known.kind === 'other') parts.resumable?.onAstray(wanted, line)
      return toEarlierOutcome(known, wanted, call)
    }
    const asked = run.client === undefined ? undefined : pausingClient(run.client, scriptCall.pause)
    try {
      if (!isJsonObject(args))
        throw new GatewayError('invalid_arguments', `${wanted} takes one object of named arguments.`)
      if (isDeeperThan(args, MAX_LEVELS))
        throw new GatewayError(
          'invalid_arguments',
          `The arguments of ${wanted} are nested more than ${MAX_LEVELS} levels deep.`,
        )
      if (server === GUEST_SERVER) return { ok: true, value: await parts.inquire(tool, args) }
      const ref = resolve(scriptCall)
      const name = toolKey(ref)
      spec = catalog.get(name)
      const isReadOnly = spec !== undefined && parts.isReadOnly(spec)
      const isSimulated = parts.isDryRun && !isReadOnly
      begun = made.begin({ tool: name, args, isReadOnly, key }, isSimulated)
      const isRepeatable = spec !== undefined && parts.isKnownToRead(spec)
      const effect = isRepeatable || isSimulated ? undefined : { key, tool: name, args }
      if (effect !== undefined && kept !== undefined) {
        const known = await kept.begin(effect)
        if (known !== undefined) return toKnownOutcome(known, begun)
        isWritten = true
      }
      const result = await handler(
        toCall(scriptCall, ref, args, isSimulated, {
          ...runOfCall({
            ...parts,
            scriptCall,
            begun,
            effect,
            onKnown: (known) => void (foundLater = known),
          }),
          ...(asked === undefined ? {} : { client: asked.client }),
        }),
      )
      begun.answered(result)
      // What goes wrong from here on went wrong after the call.
      begun = undefined
      progress.ended(name, scriptCall.signal)
      const outcome = await toOutcome(result, spec, isSimulated)
      if (isWritten) await kept?.end(key, outcome)
      return outcome
    } catch (thrown) {
      const error = toGatewayError(thrown)
      const { code, message } = error
      // While it waited another leg began it: what is known of that one is its outcome.
      if (code === 'effect_unknown' && foundLater !== undefined && begun !== undefined)
        return toKnownOutcome(foundLater, begun)
      const isSent = SENT.has(code)
      if (isSent) begun?.lost()
      else begun?.refused()
      if (code === 'approval_pending') {
        if (isWritten) await kept?.undo(key)
        return { ok: false, suspended: true, reason: message }
      }
      parts.onRefusal(wanted, error)
      const outcome = { ok: false, error: toRefusal(error, spec, parts.parametersOf) } as const
      // Of a call that ends because its run ends nobody has heard: how it would have ended is not known.
      const isCutOff = isSent && scriptCall.signal.aborted
      if (isWritten && !isCutOff) await kept?.end(key, outcome)
      return outcome
    } finally {
      asked?.end()
    }
  }

  async function toOutcome(
    result: Result,
    spec: ToolSpec | undefined,
    isSimulated: boolean,
  ): Promise<ScriptCallOutcome> {
    if (result.isError === true) return { ok: false, error: toToolFailure(result) }
    const value = await parts.toValue(result)
    if (spec !== undefined && !isSimulated) parts.observe(spec, value)
    return { ok: true, value }
  }
}

function toToolFailure(result: Result): ScriptCallError {
  return { code: 'tool_error', message: toFailureMessage(result), retryable: false }
}

function toRefusal(
  { code, message, detail, entry }: GatewayError,
  spec: ToolSpec | undefined,
  parametersOf: BindingParts['parametersOf'],
): ScriptCallError {
  // What would have been right is worth more than advice.
  const isMistake = code === 'invalid_arguments' && spec !== undefined
  const parameters = isMistake ? parametersOf(spec) : undefined
  return {
    code,
    message: `${message} ${parameters === undefined ? entry.remedy : `Parameters: ${parameters}`}`,
    retryable: entry.retryable,
    detail: { ...detail, ...(parameters === undefined ? {} : { parameters }) },
  }
}

/**
 * What the caller of a run hears while it goes on: each call that has ended, and what the tools themselves report. One
 * number for all, which only grows, and nothing after the end. Source: MCP 2025-11-25, basic/utilities/progress, "Behavior Requirements".
 */
function createProgress({ onProgress }: Call) {
  let steps = 0
  const tell = (message: string, run: AbortSignal): void => {
    if (run.aborted) return
    steps += 1
    onProgress?.({ progress: steps, message })
  }
  return {
    ended: (tool: string, run: AbortSignal): void => {
      if (onProgress !== undefined) tell(`${tool} ended`, run)
    },
    of:
      (tool: string, run: AbortSignal): NonNullable<Call['onProgress']> =>
      ({ progress, total, message }) =>
        tell(`${tool}: ${message ?? `${progress}${total === undefined ? '' : ` of ${total}`}`}`, run),
  }
}
