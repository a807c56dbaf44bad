import type { Command } from 'commander'

import { toTime } from '../../audit/export/csv.ts'
import { toRecord, type AuditRecord } from '../../audit/export/record.ts'
import { UsageError } from '../failure.ts'
import { toJsonText, toLine } from '../output/printable.ts'
import { createStyle } from '../output/style.ts'
import type { CliPorts, ExitCode, Output } from '../ports.ts'
import { act, describeVerb, withConfigOption, type VerbHost } from '../verb.ts'
import { toQuery, withFilter, type FilterOptions } from './filter.ts'
import { NOTHING_YET, withRecords } from './records.ts'

interface ListOptions extends FilterOptions {
  readonly limit: string
  readonly json?: boolean
}

const MAX_ROWS = 10_000
const MAX_CELL = 40

/** Adds `isogate audit ls`. */
export function addList(audit: Command, host: VerbHost): void {
  const command = audit
    .command('ls')
    .alias('list')
    .summary('what happened, the newest last')
    .description('Lists what the gateway has recorded: calls, refusals, approvals, logins and changes.')
  withFilter(withConfigOption(command))
    .option('-n, --limit <count>', 'so many of the newest', '50')
    .option('--json', 'print { events } as JSON')
  describeVerb(command, {
    notes: `Nothing is started: the store is read, also while a gateway writes to it. The last column is the rule that decided
about a call, or what is known of something else. What was denied and what does not exist look the same to a caller;
here they do not.`,
    examples: [
      ['isogate audit ls', 'the last 50'],
      ['isogate audit ls --since 1h --outcome refused', 'what was refused in the last hour'],
      ['isogate audit ls -p key:build -t files.write_file --json', 'for programs'],
    ],
  }).action(act(host, (options: ListOptions) => list(host.ports, options)))
}

async function list(ports: CliPorts, options: ListOptions): Promise<ExitCode> {
  const { stdout } = ports
  const limit = parseLimit(options.limit)
  const query = { ...toQuery(options, ports.nowMs), newestFirst: true, limit }
  const rows = await withRecords(ports, options.config, ({ store }) => store.list(query))
  const records = (rows ?? []).flatMap((row) => toRecord(row) ?? []).toReversed()
  if (options.json === true) {
    const events = records.map(({ seq, event }) => ({ seq, time: toTime(event.atMs), ...event }))
    stdout.write(`${toJsonText({ events }, stdout)}\n`)
  } else if (records.length > 0) stdout.write(`${describe(records, stdout).join('\n')}\n`)
  else
    stdout.write(
      Object.keys(query).length > 2 ? 'Nothing that was recorded is like this.\n' : `${NOTHING_YET}\n`,
    )
  return 0
}

function parseLimit(text: string): number {
  const limit = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (limit < 1 || limit > MAX_ROWS)
    throw new UsageError(`--limit takes a number from 1 to ${MAX_ROWS}, not "${toLine(text, 40)}".`)
  return limit
}

const COLUMNS: readonly (readonly [title: string, cell: (record: AuditRecord) => string])[] = [
  ['SEQ', ({ seq }) => String(seq)],
  ['TIME', ({ event }) => toTime(event.atMs).replace('T', ' ').slice(0, 19)],
  ['KIND', ({ event }) => event.kind],
  ['PRINCIPAL', ({ event }) => event.principal],
  ['DOOR', ({ event }) => event.door ?? ''],
  ['TOOL', ({ event }) => event.tool ?? ''],
  ['OUTCOME', ({ event: { outcome, code } }) => code ?? outcome],
  ['MS', ({ event: { durationMs } }) => (durationMs === undefined ? '' : String(Math.round(durationMs)))],
  [
    'RULE OR DETAIL',
    ({ event: { rule, detail } }) => rule ?? (detail === undefined ? '' : JSON.stringify(detail)),
  ],
]

function describe(records: readonly AuditRecord[], stdout: Output): readonly string[] {
  const { dim, warn } = createStyle(stdout)
  const table = [
    COLUMNS.map(([title]) => title),
    ...records.map((record) => COLUMNS.map(([, cell]) => toLine(cell(record), MAX_CELL))),
  ]
  const widths = COLUMNS.map((_, index) => Math.max(...table.map((cells) => cells[index]?.length ?? 0)))
  return table.map((cells, line) => {
    const text = cells
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd()
    if (line === 0) return dim(text)
    return records[line - 1]?.event.outcome === 'ok' ? text : warn(text)
  })
}
