import { ERRORS } from '../core/error-table.ts'
import type { JsonObject } from '../core/json.ts'
import type { RunOutcome, RunUsage } from '../core/run.ts'
import type { Result } from '../core/result.ts'
import type { MadeCall } from './bindings.ts'

/** Calls that a failed run lists; beyond it only their number is told. */
const MAX_LISTED_CALLS = 20

/** Writes how a run ended, for the model: the value or the error first, then logs, then what deserves attention. */
export function toRunResult(outcome: RunOutcome, made: readonly MadeCall[]): Result {
  const { failure, logs, logBytesCut, unawaited, usage } = outcome
  const texts = [failure === undefined ? valueText(outcome) : failureText(outcome, made)]
  const parts: RunPart[] = [failure === undefined ? valuePart(outcome) : 'failure']
  if (logs.length > 0) {
    const lines = logs.map(({ level, text }) => (level === 'log' ? text : `${level}: ${text}`))
    const cut = logBytesCut > 0 ? [`(${logBytesCut} bytes of logs were cut)`] : []
    parts.push('logs')
    texts.push(['Logs:', ...lines, ...cut].join('\n'))
  }
  if (unawaited.length > 0) {
    parts.push('unawaited')
    texts.push(`Not awaited, so the result was lost: ${unawaited.join(', ')}. Put await in front.`)
  }
  return {
    content: texts.map((text) => ({ type: 'text', text })),
    ...(failure === undefined ? {} : { isError: true }),
    _meta: {
      [RUN_META]: {
        parts,
        usage: roundUsage(usage),
        ...(failure === undefined ? {} : { failure: { ...failure } }),
      },
    },
  }
}

/** The member of `_meta` in which a run tells programs what its texts are, what it used and where it failed. */
const RUN_META = 'isogate/run'

/** What a text of the result is. */
type RunPart = 'json' | 'text' | 'nothing' | 'failure' | 'logs' | 'unawaited'

/** Times to a tenth of a millisecond: more is noise. */
function roundUsage(usage: RunUsage): JsonObject {
  return Object.fromEntries(Object.entries(usage).map(([name, value]) => [name, Math.round(value * 10) / 10]))
}

function valuePart({ value, empty }: RunOutcome): RunPart {
  if (empty === true) return 'nothing'
  return typeof value === 'string' ? 'text' : 'json'
}

function valueText({ value, empty }: RunOutcome): string {
  if (empty === true) return 'The script returned nothing.'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function failureText({ failure }: RunOutcome, made: readonly MadeCall[]): string {
  if (failure === undefined) return ''
  const { code, message, line, excerpt } = failure
  const place = line === undefined ? '' : ` at line ${line}${excerpt === undefined ? '' : `: ${excerpt}`}`
  const unknownName = /^ReferenceError: (\w+) is not defined/.exec(message)?.[1]
  const hint =
    unknownName === undefined
      ? ERRORS[code].remedy
      : `Scripts have ECMAScript, tools and console; there is no ${unknownName}.`
  return [`[${code}] ${message}${place}`, hint, ...callsText(made)].join('\n')
}

function callsText(made: readonly MadeCall[]): string[] {
  if (made.length === 0) return []
  const remark = { ok: '', error: ' (failed)', unknown: ' (outcome unknown)' } as const
  const listed = made.slice(0, MAX_LISTED_CALLS).map(({ tool, outcome }) => `${tool}${remark[outcome]}`)
  const more = made.length > MAX_LISTED_CALLS ? `, and ${made.length - MAX_LISTED_CALLS} more` : ''
  return [`Calls already made: ${listed.join(', ')}${more}.`]
}
