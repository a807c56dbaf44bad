import { BENCH_REPORT_SCHEMA } from '../../config/bench-report/schema.ts'
import { GatewayError } from '../../core/errors.ts'
import type { BenchReport } from '../points.ts'

/** A larger one was not written by us. */
const MAX_CHARS = 100_000_000
const MAX_ISSUES = 5

/**
 * Reads a report that `isogate bench` wrote. It may have come from anybody: nothing in it is believed before it was checked.
 *
 * @param where what the text came from, for the message
 * @throws GatewayError `file_unreadable` where it is no such report, with the members that are wrong
 */
export function readReport(text: string, where: string): BenchReport {
  const value = parseJson(text, where)
  const format = formatOf(value)
  if (format !== 'isogate-bench/1') throw toRefusal(where, describeFormat(format))
  const parsed = BENCH_REPORT_SCHEMA.safeParse(value)
  if (parsed.success) return parsed.data
  const { issues } = parsed.error
  const told = issues.slice(0, MAX_ISSUES).map((issue) => `${toPath(issue.path)}: ${issue.message}`)
  const more = issues.length > MAX_ISSUES ? `; and ${String(issues.length - MAX_ISSUES)} more` : ''
  throw toRefusal(where, `${told.join('; ')}${more}`)
}

function parseJson(text: string, where: string): unknown {
  if (text.length > MAX_CHARS)
    throw toRefusal(where, `it is longer than ${MAX_CHARS.toLocaleString('en')} characters`)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw toRefusal(where, 'it is not JSON', error)
  }
}

function formatOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'format' in value ? value.format : undefined
}

function describeFormat(format: unknown): string {
  if (typeof format !== 'string')
    return '`format` is missing; reports are written by `isogate bench tokens --out`'
  if (format.startsWith('isogate-bench-live/'))
    return 'it has plays of a live model (`isogate bench tokens --model`), which differ from run to run and are not compared; their means and confidence intervals stand in the file itself'
  return `\`format\` is ${JSON.stringify(format.slice(0, 64))}; this version reads "isogate-bench/1"`
}

function toPath(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${String(part)}]` : `.${String(part)}`))
    .join('')
    .slice(1, 200)
}

function toRefusal(where: string, why: string, cause?: unknown): GatewayError {
  return new GatewayError('file_unreadable', `${where} is no report that can be read: ${why}.`, { cause })
}
