import type { Command } from 'commander'

import { openArguments } from '../../audit/arguments.ts'
import { toTime } from '../../audit/export/csv.ts'
import { toRecord, type AuditRecord } from '../../audit/export/record.ts'
import { readRows } from '../../audit/pages.ts'
import { GatewayError } from '../../core/errors.ts'
import type { Seal } from '../../core/seal.ts'
import { toJsonText, toLine, toPrintable } from '../output/printable.ts'
import { createStyle } from '../output/style.ts'
import type { CliPorts, ExitCode, Output } from '../ports.ts'
import { act, describeVerb, withConfigOption, type ConfigOptions, type VerbHost } from '../verb.ts'
import { withRecords, type Records } from './records.ts'

interface ShowOptions extends ConfigOptions {
  readonly json?: boolean
}

/** An id may have many events: a run, and all that happened to its approvals. */
const MAX_EVENTS = 1_000

/** Adds `isogate audit show`. */
export function addShow(audit: Command, host: VerbHost): void {
  const command = audit
    .command('show')
    .summary('one event, with all that is known of it')
    .description('Shows the event with a number, or all events of a call, a run or an approval.')
    .argument('<seq or id>', 'a number of `isogate audit ls`, or the id of a call, a run or an approval')
  describeVerb(withConfigOption(command).option('--json', 'print { events } as JSON'), {
    notes: `An id finds its own events and those of the calls that were made for it. Arguments that were stored are decrypted
where the keys of the store are at hand.`,
    examples: [
      ['isogate audit show 1042', 'one event'],
      ['isogate audit show 0191f2c6-run', 'a run and its calls'],
    ],
  }).action(act(host, (what: string, options: ShowOptions) => show(host.ports, what, options)))
}

async function show(ports: CliPorts, what: string, options: ShowOptions): Promise<ExitCode> {
  const { stdout } = ports
  const found = await withRecords(ports, options.config, async ({ plan, store }) => {
    const records = await find(store, what)
    const seal = records.some(({ event }) => event.args !== undefined)
      ? await ports.openSeal?.(plan)
      : undefined
    return records.map((record) => opened(record, seal))
  })
  if (found === undefined || found.length === 0)
    throw new GatewayError('not_there', `There is no event ${toLine(what, 100)}.`)
  if (options.json === true) stdout.write(`${toJsonText({ events: found.map(flat) }, stdout)}\n`)
  else stdout.write(`${found.map((record) => describe(record, stdout)).join('\n\n')}\n`)
  return 0
}

async function find(store: Records['store'], what: string): Promise<readonly AuditRecord[]> {
  if (/^\d{1,15}$/.test(what)) {
    const [row] = await store.list({ afterSeq: Number(what) - 1, limit: 1 })
    if (row?.seq === Number(what)) return [toRecord(row)].flatMap((record) => record ?? [])
  }
  const found: AuditRecord[] = []
  const quoted = JSON.stringify(what)
  for await (const row of readRows(store)) {
    // Most rows need not be parsed.
    const record = row.body.includes(quoted) ? toRecord(row) : undefined
    if (record === undefined) continue
    const { id, parent, approval } = record.event
    if (id === what || parent === what || approval === what) found.push(record)
    if (found.length === MAX_EVENTS) break
  }
  return found
}

/** With arguments that can be read; where the keys are not there they stay as they are. */
function opened(record: AuditRecord, seal: Seal | undefined): AuditRecord {
  if (seal === undefined) return record
  try {
    const args = openArguments(record.event, seal)
    return args === undefined ? record : { ...record, event: { ...record.event, args: { ...Object(args) } } }
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'sealed') return record
    throw error
  }
}

function flat({ seq, hash, event }: AuditRecord): object {
  return { seq, time: toTime(event.atMs), ...event, hash }
}

function describe(record: AuditRecord, stdout: Output): string {
  const { bold, dim } = createStyle(stdout)
  const { seq, event, hash } = record
  const { kind, atMs, ...members } = event
  const lines: [string, string][] = [['time', toTime(atMs)]]
  for (const [name, value] of Object.entries(members)) {
    if (value === undefined) continue
    lines.push([name, typeof value === 'string' ? toLine(value, 2_000) : toPrintable(JSON.stringify(value))])
  }
  lines.push(['hash', hash])
  const width = Math.max(...lines.map(([name]) => name.length))
  return [
    bold(`${seq} ${toLine(kind, 40)}`),
    ...lines.map(([name, text]) => `  ${dim(toLine(name, 40).padEnd(width))}  ${text}`),
  ].join('\n')
}
