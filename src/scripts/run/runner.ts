import type { SoftTypes } from '../../catalog/stubs/soft-type.ts'
import { printParameters } from '../../catalog/stubs/parameters.ts'
import { CODE_SERVER } from '../../config/own-tools.ts'
import type { Plan } from '../../config/compile.ts'
import type { RunApprovals } from '../../core/approval-desk.ts'
import type { Call } from '../../core/call.ts'
import { GatewayError } from '../../core/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import type { NewId } from '../../core/ports.ts'
import type { Result } from '../../core/result.ts'
import type { RunFailure, RunLimits, RunOutcome, RunRecord, Sandbox } from '../../core/run.ts'
import type { HandleStore } from '../../core/store.ts'
import { toolKey, type ToolRef, type ToolSpec } from '../../core/tool.ts'
import { isReadOnly } from '../../policy/read-only.ts'
import { createInquiries } from '../discovery/inquiries.ts'
import type { ScriptHost } from '../host.ts'
import type { EndedRun } from '../receipt.ts'
import { answerInquiry } from './calls/answer-inquiry.ts'
import { createBindings } from './calls/bindings.ts'
import { toBindingValue } from './calls/binding-value.ts'
import { createRefusals, isToolFailure } from './calls/blame.ts'
import { problemLine, type CheckGate, type CheckLevel } from './check-gate.ts'
import { createRunContent } from './value/content.ts'
import { codeHashOf, planOf } from './effects.ts'
import { createAstray } from './astray.ts'
import { createFirstErrors } from './first-errors.ts'
import { HOW_TO } from './how-to.ts'
import { keptBlocksOf } from './value/kept-blocks.ts'
import { createMadeCalls, toDone, type MadeCall } from './calls/made-calls.ts'
import { pinnedTo } from './calls/pinned.ts'
import { askForPlan } from './plan-approval.ts'
import { RUN_META, toRunResult, type RunReport } from './report.ts'
import type { KeptRun } from './suspended/kept-run.ts'
import { showValue } from './value/shown-value.ts'

/** What is learned of the results of tools. */
export interface Learned {
  readonly observe: (spec: ToolSpec, value: Json) => void
  readonly softOf: SoftTypes
  readonly version: () => number
}

export interface RunnerParts {
  readonly host: () => ScriptHost
  readonly sandbox: Sandbox
  readonly limits: RunLimits
  readonly codeMode: () => Plan['codeMode']
  readonly classification: () => Plan['classification']
  readonly newId: NewId
  readonly handles: HandleStore
  readonly check: CheckGate
  readonly learned: Learned
  /** Aborted when runs are to be suspended, because the gateway is about to end. */
  readonly draining: AbortSignal
  /** Aborted when the cells end because the gateway ends. Absent: they never do. */
  readonly closing?: AbortSignal
  /** Absent: nobody is asked about the plan of a dry run. */
  readonly approvals?: Pick<RunApprovals, 'askPlan'>
  /** Enters a run into the books, and says what it has saved, for its `_meta`. */
  readonly account: (run: EndedRun, principal: string, outcome: RunOutcome) => JsonObject
}

/** One script, and how it is to be run. */
export interface Script {
  readonly code: string
  readonly input?: Json
  readonly isDryRun: boolean
  readonly check: CheckLevel
  /** The tools that it may call, as `server.tool`. Absent: all that its caller may. */
  readonly uses?: ReadonlySet<string>
}

/** What has become of a run. */
export interface RunEnd {
  readonly result: Result
  readonly outcome?: RunOutcome
  /** The calls of all its legs. */
  readonly made?: readonly MadeCall[]
  /** The result as it is where a run that is suspended cannot be kept. */
  readonly asFailed?: (failure: RunFailure) => Result
}

/** Runs scripts: check, sandbox, report. */
export interface Runner {
  /**
   * @param replay What earlier legs of the same run recorded.
   * @param earlier Their calls.
   * @param kept Of a run that may be resumed: what is kept of it. Absent: it may not.
   */
  readonly run: (
    call: Call,
    id: string,
    script: Script,
    replay?: RunRecord,
    earlier?: readonly MadeCall[],
    kept?: KeptRun,
  ) => Promise<RunEnd>
}

export function createRunner(parts: RunnerParts): Runner {
  const isFirstError = createFirstErrors()

  const refuse = (call: Call, lines: readonly string[]): RunEnd => {
    const texts = [
      '[script_check] The script does not fit the tools that it calls. Nothing was executed.',
      ...lines,
    ]
    const howTo = isFirstError(call) ? [HOW_TO] : []
    return {
      result: {
        content: [texts.join('\n'), ...howTo].map((text) => ({ type: 'text', text })),
        isError: true,
        _meta: {
          [RUN_META]: {
            parts: ['failure', ...(howTo.length > 0 ? ['how-to'] : [])],
            failure: { code: 'script_check', mendable: true },
          },
        },
      },
    }
  }

  const run: Runner['run'] = async (call, id, script, replay, earlier = [], kept?) => {
    const { code, input, isDryRun } = script
    const { limits, learned, handles } = parts
    const { handler, snapshot, isVisible } = parts.host()
    const owner = call.principal.id
    if (Buffer.byteLength(code) > limits.codeBytes) {
      throw new GatewayError('script_limit', `The script is longer than ${limits.codeBytes} bytes.`)
    }
    const view = snapshot()
    const { uses } = script
    const sees = (tool: ToolRef): boolean =>
      isVisible(call.principal, 'script', tool) &&
      (uses === undefined || uses.has(toolKey(tool)) || tool.server === CODE_SERVER)
    const isTool = ({ ref }: ToolSpec): boolean => ref.server !== CODE_SERVER && sees(ref)
    const checked = await parts.check({
      // Who comes in by another endpoint sees other tools; with another configuration the catalog is another one too.
      viewer: JSON.stringify([owner, call.principal.scope ?? null]),
      code,
      level: replay === undefined ? script.check : 'off',
      catalog: view.catalog,
      isVisible: isTool,
      soft: learned.softOf,
      softVersion: learned.version(),
      signal: call.signal,
    })
    if (checked.refusals.length > 0) return refuse(call, checked.refusals.map(problemLine))

    const made = createMadeCalls()
    const refusals = createRefusals()
    const content = createRunContent(keptBlocksOf(handles, owner))
    const inquiries = createInquiries(view, isTool)
    const inquiryParts = { inquiries, handles, owner, sees }
    const astray = createAstray()
    const resumable =
      kept === undefined
        ? undefined
        : {
            id,
            codeHash: codeHashOf(code),
            kept,
            earlier,
            earlierDone: toDone(earlier),
            onAstray: astray.note,
          }
    const ended = await parts.sandbox.run({
      id,
      owner,
      code,
      limits,
      signal: AbortSignal.any([call.signal, astray.signal]),
      suspend: parts.draining,
      ...(input === undefined ? {} : { input }),
      ...(replay === undefined ? {} : { replay }),
      call: createBindings({
        run: call,
        catalog: view.catalog,
        isVisible: sees,
        handler: pinnedTo(script.uses, handler),
        newId: parts.newId,
        made,
        inquire: (what, args) => answerInquiry(inquiryParts, what, args),
        toValue: (result) => toBindingValue(result, content.toReference),
        isReadOnly: (spec) => isReadOnly(spec, parts.classification()),
        isKnownToRead: ({ annotations: _hints, ...spec }) => isReadOnly(spec, parts.classification()),
        isDryRun,
        ...(resumable === undefined ? {} : { resumable }),
        observe: learned.observe,
        onRefusal: (tool, error) => {
          refusals.remember(tool, error.code)
          // Whatever the script catches: who may not call any more may not go on either.
          if (error.code === 'key_revoked') astray.revoked(error.message)
        },
        parametersOf: printParameters,
      }),
    })
    if (call.trail !== undefined) call.trail.sandboxSeconds = ended.usage.cpuMs / 1_000

    // At a command line a program reads the value, and it has no context to spare.
    const shownBytes = call.door === 'cli' ? Infinity : parts.codeMode().shownBytes
    const keepValue = (json: string) => handles.keep(owner, { json, kind: 'value' })
    // The value of a dry run was made of samples: nobody gets it.
    const written = await showValue(isDryRun ? { empty: true } : ended, shownBytes, keepValue)
    const isClosing = parts.closing?.aborted === true
    const other = written === undefined ? UNWRITABLE : (astray.failure() ?? endedWith(ended, isClosing))
    const outcome = other === undefined ? ended : failed(ended, other)
    const isFailed = outcome.failure !== undefined
    const own = made.all()
    const all = [...earlier, ...own]
    const cause = refusals.causeOf(outcome.failure)
    const { blocks, omitted } = await content.inValue(isDryRun ? undefined : outcome.value)
    // What a run would do is known when it has come to its end.
    const plan = isDryRun && outcome.suspended === undefined ? planOf(code, all) : undefined
    const approval =
      plan === undefined || isFailed || kept === undefined
        ? undefined
        : await askForPlan(parts.approvals, call, code, plan, all)
    const report: RunReport = {
      id,
      outcome,
      limits,
      made: all,
      isDraining: parts.draining.aborted,
      shown: written ?? NOTHING,
      blocks,
      blocksOmitted: omitted,
      // A remark on a script that went well costs tokens and helps nobody, unless it was asked for.
      remarks: isFailed || script.check === 'warn' ? checked.remarks.map(problemLine) : [],
      ...(cause === undefined ? {} : { cause }),
      ...(plan === undefined ? {} : { plan }),
      ...(approval === undefined ? {} : { approval }),
      ...(isFailed && !isToolFailure(outcome.failure, own) && isFirstError(call) ? { howTo: HOW_TO } : {}),
    }
    const result = toRunResult(report)
    const calls = own.filter(({ outcome: how }) => how !== 'simulated')
    const savings = parts.account({ code, result, calls }, owner, outcome)
    return {
      result: withSavings(result, savings),
      outcome,
      made: all,
      asFailed: (failure) =>
        withSavings(toRunResult({ ...report, outcome: failed(outcome, failure) }), savings),
    }
  }

  return { run }
}

const NOTHING = { kind: 'nothing', text: '' } as const
const UNWRITABLE: RunFailure = { code: 'script_value', message: 'The value is nested too deeply.' }
const ENDED: RunFailure = {
  code: 'shutting_down',
  message: 'The gateway was shut down before the script had come to its end.',
}

/** A cell that ended because the gateway does so is not the doing of the script. */
function endedWith({ failure }: RunOutcome, isClosing: boolean): RunFailure | undefined {
  return isClosing && failure?.code === 'script_killed' ? ENDED : undefined
}

/** The outcome with a failure in the place of what it was. */
function failed(outcome: RunOutcome, failure: RunFailure): RunOutcome {
  const { value: _value, empty: _empty, suspended: _suspended, failure: _failure, ...rest } = outcome
  return { ...rest, failure }
}

function withSavings(result: Result, savings: JsonObject): Result {
  const meta = result._meta?.[RUN_META]
  const told = isJsonObject(meta) ? meta : {}
  return { ...result, _meta: { ...result._meta, [RUN_META]: { ...told, savings } } }
}
