import type { AuditEvent } from '../../core/audit.ts'
import type { AuditRecord } from './record.ts'

const COLUMNS = [
  'kind',
  'id',
  'parent',
  'traceId',
  'door',
  'principal',
  'organisation',
  'team',
  'method',
  'tool',
  'verdict',
  'rule',
  'approval',
  'outcome',
  'code',
  'durationMs',
  'argumentBytes',
  'resultBytes',
  'argumentsHash',
  'args',
  'detail',
] as const satisfies readonly (keyof AuditEvent)[]

/**
 * What a spreadsheet takes for the beginning of a formula, also behind blanks, and in the wide forms of East Asian writing. Source: OWASP,
 * "CSV Injection".
 */
const FORMULA = /^\s*[=+\-@\t\r\n＝＋－＠]/

/** The first line: the names of the columns. */
export const CSV_HEADER = `${['seq', 'time', ...COLUMNS, 'hash'].join(',')}\r\n`

/** A line of CSV as RFC 4180 has it. A text that a spreadsheet would calculate gets an apostrophe before it. */
export function toCsvLine({ seq, hash, event }: AuditRecord): string {
  const cells = COLUMNS.map((name) => toCell(event[name]))
  return `${[seq, toTime(event.atMs), ...cells, toCell(hash)].join(',')}\r\n`
}

/** RFC 3339, in UTC; empty where there is no such time. */
export function toTime(atMs: number): string {
  return Math.abs(atMs) <= 8.64e15 ? new Date(atMs).toISOString() : ''
}

function toCell(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? `${value}` : `"'${value}"`
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const safe = FORMULA.test(text) ? `'${text}` : text
  return `"${safe.replaceAll('"', '""')}"`
}
