import { ERRORS, type ErrorCode } from '../../core/error-table.ts'
import type { JsonObject } from '../../core/json.ts'
import type { Result } from '../../core/result.ts'
import type { RunFailure, RunLimits, RunOutcome, RunUsage } from '../../core/run.ts'
import { isMendable, isToolFailure } from './calls/blame.ts'
import type { Plan } from './effects.ts'
import type { MadeCall } from './calls/made-calls.ts'
import type { ShownValue } from './value/shown-value.ts'

/** All that is known of a run that has ended, or that waits. */
export interface RunReport {
  readonly id: string
  readonly outcome: RunOutcome
  readonly limits: RunLimits
  /** The calls of all legs of the run. */
  readonly made: readonly MadeCall[]
  /** Of a call whose error ended the run, where the script is not to blame for it. */
  readonly cause?: ErrorCode
  /** True where it was suspended because the gateway ends. */
  readonly isDraining?: boolean
  readonly shown: ShownValue
  /** Content blocks that the value refers to. */
  readonly blocks: readonly JsonObject[]
  /** How many more it refers to, which do not fit. */
  readonly blocksOmitted: number
  /** What the check found and did not stop, a line each. */
  readonly remarks: readonly string[]
  /** Of a dry run. */
  readonly plan?: Plan
  /** Of a plan: the approval that it waits for, and how many of its calls need it. */
  readonly approval?: { readonly id: string; readonly calls: number }
  /** How scripts are written, for who seems not to know it. */
  readonly howTo?: string
}

/** Calls that a failed run lists; beyond it only their number is told. */
const MAX_LISTED_CALLS = 20
const MAX_LISTED_EFFECTS = 100
const MAX_EFFECT_CHARS = 400
/** What a cut may leave of a character that has two units. */
const HALF = /[\uD800-\uDBFF]$/

/** The member of `_meta` in which a run tells programs what its texts are, what it used and where it failed. */
export const RUN_META = 'isogate/run'

/** What a text of the result is. */
type RunPart =
  | ShownValue['kind']
  | 'failure'
  | 'suspended'
  | 'plan'
  | 'cut'
  | 'logs'
  | 'unawaited'
  | 'remarks'
  | 'how-to'

/**
 * Writes how a run ended, for the model: the value, the error or the plan first, then what deserves attention, then logs. A value
 * is there in one form only; what programs want to know stands in `_meta`.
 */
export function toRunResult(report: RunReport): Result {
  const { outcome, shown, blocks, remarks, plan, approval, howTo, id } = report
  const { failure, suspended, logs, logBytesCut, unawaited, usage } = outcome
  const parts: RunPart[] = []
  const texts: string[] = []
  const tell = (part: RunPart, text: string): void => {
    parts.push(part)
    texts.push(text)
  }
  if (failure !== undefined) tell('failure', failureText(report))
  else if (suspended !== undefined) tell('suspended', suspendedText(report))
  else if (plan === undefined) tell(shown.kind, shown.text)
  if (plan !== undefined) tell('plan', [planText(plan), ...approvalText(approval)].join('\n'))
  else if (failure === undefined && suspended === undefined && shown.note !== undefined)
    tell('cut', shown.note)
  if (report.blocksOmitted > 0)
    tell('cut', `${report.blocksOmitted} more contents are referred to and left out: return fewer of them.`)
  if (unawaited.length > 0) {
    tell('unawaited', `Not awaited, so the result was lost: ${unawaited.join(', ')}. Put await in front.`)
  }
  if (remarks.length > 0) tell('remarks', remarks.join('\n'))
  if (logs.length > 0) {
    const lines = logs.map(({ level, text }) => (level === 'log' ? text : `${level}: ${text}`))
    const cut = logBytesCut > 0 ? [`(${logBytesCut} bytes of logs were cut)`] : []
    tell('logs', ['Logs:', ...lines, ...cut].join('\n'))
  }
  if (howTo !== undefined) tell('how-to', howTo)
  return {
    content: [...texts.map((text) => ({ type: 'text', text })), ...blocks],
    ...(failure === undefined ? {} : { isError: true }),
    _meta: {
      [RUN_META]: {
        id,
        parts,
        usage: roundUsage(usage),
        limits: { ...report.limits },
        ...(suspended === undefined ? {} : { suspended: { reasons: suspended.reasons } }),
        ...(plan === undefined ? {} : { plan: { hash: plan.hash, effects: [...plan.effects] } }),
        ...(approval === undefined ? {} : { approval: approval.id }),
        ...(failure === undefined ? {} : { failure: toFailureMeta(report, failure) }),
      },
    },
  }
}

function toFailureMeta({ cause }: RunReport, failure: RunFailure): JsonObject {
  const mendable = isMendable(failure, cause)
  return { ...failure, ...(cause === undefined ? {} : { cause }), mendable }
}

/** Times to a tenth of a millisecond: more is noise. */
function roundUsage({ callsByTool, ...usage }: RunUsage): JsonObject {
  const rounded = Object.entries(usage).map(([name, value]) => [name, Math.round(value * 10) / 10] as const)
  return { ...Object.fromEntries(rounded), callsByTool }
}

function failureText({ outcome, made, cause }: RunReport): string {
  const { failure } = outcome
  if (failure === undefined) return ''
  const { code, message, line, excerpt } = failure
  const place = line === undefined ? '' : ` at line ${line}${excerpt === undefined ? '' : `: ${excerpt}`}`
  const unknownName = /^ReferenceError: (\w+) is not defined/.exec(message)?.[1]
  const remedy =
    cause === undefined
      ? ERRORS[code].remedy
      : 'The script is not to blame; calls listed as made have taken effect.'
  const head = `[${code}] ${message}${place}`
  // What went wrong is in the words of the tool, and where is in the place.
  if (isToolFailure(failure, made)) {
    const where = line === undefined ? '' : ` at line ${line}`
    return [`[${code}] ${message}${where}`, ...(made.length === 1 ? [] : callsText(made))].join('\n')
  }
  const hint =
    unknownName === undefined
      ? remedy
      : `Scripts have ECMAScript, tools, runs and console; there is no ${unknownName}.`
  return [head, hint, ...callsText(made)].join('\n')
}

function suspendedText({ id, outcome, made, isDraining = false }: RunReport): string {
  const reasons = outcome.suspended?.reasons ?? []
  const why = isDraining ? 'the gateway is shutting down.' : reasons.join('; ')
  return [
    `The run is suspended: ${why}`,
    `When ${isDraining ? 'it serves again' : 'that has been decided'}, call run_script({"resume":"${id}"}): calls that were made are not made again.`,
    ...callsText(made),
  ].join('\n')
}

/** The calls that may have changed something; those that only read are counted. */
function callsText(made: readonly MadeCall[]): string[] {
  const remark = { ok: '', error: ' (failed)', unknown: ' (outcome unknown)', simulated: '' } as const
  const changing = made.filter(({ isReadOnly, outcome }) => !isReadOnly && outcome !== 'simulated')
  const effects = changing.map(({ tool, outcome }) => `${tool}${remark[outcome]}`)
  const reads = made.filter(({ isReadOnly }) => isReadOnly).length
  const listed = effects.slice(0, MAX_LISTED_CALLS)
  const more = effects.length - listed.length
  const tail = [...(more > 0 ? [`${more} more`] : []), ...(reads > 0 ? [`${reads} that only read`] : [])]
  if (listed.length === 0 && tail.length === 0) return []
  const lead = effects.length === 0 ? 'No call changed anything' : `Calls already made: ${listed.join(', ')}`
  return [`${lead}${tail.length === 0 ? '' : ` (and ${tail.join(', ')})`}.`]
}

function planText({ effects, hash }: Plan): string {
  if (effects.length === 0) return `Dry run: the script would change nothing.\nPlan: ${hash}`
  const lines = effects.slice(0, MAX_LISTED_EFFECTS).map(({ tool, args }) => {
    const text = JSON.stringify(args)
    return `${tool}(${text.length > MAX_EFFECT_CHARS ? `${text.slice(0, MAX_EFFECT_CHARS).replace(HALF, '')}…` : text})`
  })
  const more = effects.length > lines.length ? [`and ${effects.length - lines.length} more`] : []
  return [
    `Dry run: the script would make ${effects.length === 1 ? '1 call' : `${effects.length} calls`} with effects. None was made.`,
    ...lines,
    ...more,
    `Plan: ${hash}`,
  ].join('\n')
}

/** The real run is a new one: the same code by the same caller. */
function approvalText(approval: RunReport['approval']): string[] {
  if (approval === undefined) return []
  const { id, calls } = approval
  const what = calls === 1 ? 'One of these calls needs' : `${calls} of these calls need`
  return [
    `${what} an approval: ${id}, by \`isogate approvals approve ${id}\`. Once it is there, run the same code without dryRun.`,
  ]
}
