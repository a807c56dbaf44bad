import type { SoftTypes } from '../../catalog/stubs/soft-type.ts'
import { printParameters } from '../../catalog/stubs/parameters.ts'
import { CODE_SERVER } from '../../config/own-tools.ts'
import type { Plan } from '../../config/compile.ts'
import type { Call } from '../../core/call.ts'
import { GatewayError } from '../../core/errors.ts'
import type { Json, JsonObject } from '../../core/json.ts'
import type { NewId } from '../../core/ports.ts'
import type { Result } from '../../core/result.ts'
import type { RunLimits, RunOutcome, RunRecord, Sandbox } from '../../core/run.ts'
import type { HandleStore } from '../../core/store.ts'
import { toolKey, type ToolRef, type ToolSpec } from '../../core/tool.ts'
import { isReadOnly } from '../../policy/read-only.ts'
import { createInquiries } from '../discovery/inquiries.ts'
import type { ScriptHost } from '../host.ts'
import type { EndedRun } from '../receipt.ts'
import { createBindings, GUEST_SERVER } from './bindings.ts'
import { toBindingValue } from './binding-value.ts'
import { problemLine, type CheckGate, type CheckLevel } from './check-gate.ts'
import { createRunContent } from './content.ts'
import { planOf } from './effects.ts'
import { createFirstErrors } from './first-errors.ts'
import { HOW_TO } from './how-to.ts'
import { createMadeCalls } from './made-calls.ts'
import { pinnedTo } from './pinned.ts'
import { RUN_META, toRunResult } from './report.ts'
import { showValue } from './shown-value.ts'

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
}

/** Runs scripts: check, sandbox, report. */
export interface Runner {
  /** @param replay What earlier legs of the same run recorded. */
  readonly run: (call: Call, id: string, script: Script, replay?: RunRecord) => Promise<RunEnd>
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

  const run: Runner['run'] = async (call, id, script, replay) => {
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
      isVisible(call.principal, tool) &&
      (uses === undefined || uses.has(toolKey(tool)) || tool.server === CODE_SERVER)
    const isTool = ({ ref }: ToolSpec): boolean => ref.server !== CODE_SERVER && sees(ref)
    const checked = await parts.check({
      owner,
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
    const content = createRunContent((block) =>
      handles.keep(owner, { json: JSON.stringify(block), kind: 'content' }),
    )
    const inquiries = createInquiries(view, isTool)
    const inquire = (what: string, args: JsonObject): Json => {
      if (what === 'open') return open(handles, owner, args)
      // What a caller may not look at from outside, its scripts may not either.
      const name = what === 'search' ? 'search_tools' : 'describe_tools'
      if (!sees({ server: CODE_SERVER, name }))
        throw new GatewayError('unknown_tool', `There is no $${what} here.`)
      return what === 'search' ? inquiries.search(args) : inquiries.describe(args)
    }
    const outcome = await parts.sandbox.run({
      id,
      owner,
      code,
      limits,
      signal: call.signal,
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
        inquire,
        toValue: (result) => toBindingValue(result, content.toReference),
        isReadOnly: (spec) => isReadOnly(spec, parts.classification()),
        isDryRun,
        observe: learned.observe,
        parametersOf: printParameters,
      }),
    })

    // At a command line a program reads the value, and it has no context to spare.
    const shownBytes = call.door === 'cli' ? Infinity : parts.codeMode().shownBytes
    const isFailed = outcome.failure !== undefined
    const report = {
      id,
      outcome,
      limits,
      made: made.all(),
      earlier: earlierCalls(replay),
      shown: showValue(outcome, shownBytes, (json) => handles.keep(owner, { json, kind: 'value' })),
      blocks: content.inValue(outcome.value),
      // A remark on a script that went well costs tokens and helps nobody, unless it was asked for.
      remarks: isFailed || script.check === 'warn' ? checked.remarks.map(problemLine) : [],
      ...(isDryRun ? { plan: planOf(code, made.all()) } : {}),
      ...(isFailed && isFirstError(call) ? { howTo: HOW_TO } : {}),
    }
    const result = toRunResult(report)
    const calls = made.all().filter(({ outcome: ended }) => ended !== 'simulated')
    const savings = parts.account({ code, result, calls }, owner, outcome)
    return { result: withSavings(result, savings), outcome }
  }

  return { run }
}

/** The calls of earlier legs, but for those that are no tools. */
function earlierCalls(replay: RunRecord | undefined): readonly string[] {
  const answers = replay?.turns.flatMap((turn) => turn.answers) ?? []
  return answers.map(({ call }) => call).filter((call) => !call.startsWith(GUEST_SERVER))
}

function withSavings(result: Result, savings: JsonObject): Result {
  const meta = result._meta?.[RUN_META] as JsonObject
  return { ...result, _meta: { ...result._meta, [RUN_META]: { ...meta, savings } } }
}

/** Gives a script what an earlier run of its caller kept. */
function open(handles: HandleStore, owner: string, { handle }: JsonObject): Json {
  if (typeof handle !== 'string')
    throw new GatewayError('invalid_arguments', 'runs.open takes a handle, as in runs.open("h_...").')
  const stored = handles.open(owner, handle)
  if (stored === undefined)
    throw new GatewayError('unknown_handle', 'There is no kept value under this handle.')
  return JSON.parse(stored.json) as Json
}
