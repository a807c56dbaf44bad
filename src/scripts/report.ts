import { ERRORS } from '../core/errors.ts'
import type { RunOutcome } from '../core/ports.ts'
import type { Result } from '../core/result.ts'
import type { MadeCall } from './bindings.ts'

/** Calls that a failed run lists; beyond it only their number is told. */
const MAX_LISTED_CALLS = 20

/** Writes how a run ended, for the model: the value or the error first, then logs, then what deserves attention. */
export function toRunResult(outcome: RunOutcome, made: readonly MadeCall[]): Result {
  const { failure, logs, logBytesCut, unawaited, usage } = outcome
  const texts = [failure === undefined ? valueText(outcome) : failureText(outcome, made)]
  if (logs.length > 0) {
    const lines = logs.map(({ level, text }) => (level === 'log' ? text : `${level}: ${text}`))
    const cut = logBytesCut > 0 ? [`(${logBytesCut} bytes of logs were cut)`] : []
    texts.push(['Logs:', ...lines, ...cut].join('\n'))
  }
  if (unawaited.length > 0) {
    texts.push(`Not awaited, so the result was lost: ${unawaited.join(', ')}. Put await in front.`)
  }
  return {
    content: texts.map((text) => ({ type: 'text', text })),
    ...(failure === undefined ? {} : { isError: true }),
    _meta: {
      'isogate/run': { usage: { ...usage }, ...(failure === undefined ? {} : { code: failure.code }) },
    },
  }
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
  const listed = made
    .slice(0, MAX_LISTED_CALLS)
    .map(({ tool, outcome }) => (outcome === 'ok' ? tool : `${tool} (failed)`))
  const more = made.length > MAX_LISTED_CALLS ? `, and ${made.length - MAX_LISTED_CALLS} more` : ''
  return [`Calls already made: ${listed.join(', ')}${more}.`]
}
