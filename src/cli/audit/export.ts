import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { resolve } from 'node:path'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'

import { Option, type Command } from 'commander'

import { CSV_HEADER, toCsvLine } from '../../audit/export/csv.ts'
import { toOcsf } from '../../audit/export/ocsf.ts'
import { toRecord } from '../../audit/export/record.ts'
import { readRows } from '../../audit/pages.ts'
import type { AuditRow } from '../../core/audit.ts'
import { GatewayError } from '../../core/errors.ts'
import { countOf } from '../output/words.ts'
import type { CliPorts, ExitCode } from '../ports.ts'
import { act, describeVerb, withConfigOption, type VerbHost } from '../verb.ts'
import { toQuery, withFilter, type FilterOptions } from './filter.ts'
import { withRecords } from './records.ts'

type Format = 'jsonl' | 'csv' | 'ocsf'

interface ExportOptions extends FilterOptions {
  readonly format: Format
  readonly out?: string
}

/** Adds `isogate audit export`. */
export function addExport(audit: Command, host: VerbHost): void {
  const command = audit
    .command('export')
    .summary('write events for other programs')
    .description('Writes what was recorded, the oldest first, a line for each event.')
  withFilter(withConfigOption(command))
    .addOption(
      new Option('-f, --format <format>', 'of the lines').choices(['jsonl', 'csv', 'ocsf']).default('jsonl'),
    )
    .option('--out <file>', 'a new file, which only its owner can read (default: the standard output)')
  describeVerb(command, {
    notes: `jsonl: { seq, hash, event }, the event byte for byte as it is hashed: the hash is SHA-256 over the number, the hash of the
row before and the event, with a line feed between each two. csv: for a spreadsheet; texts that it would take for a
formula begin with an apostrophe. ocsf: Open Cybersecurity Schema Framework 1.3, API Activity and Authentication.
Stored arguments stay encrypted.`,
    examples: [
      ['isogate audit export --since 1d > day.jsonl', 'the last day'],
      ['isogate audit export --format csv --out calls.csv --kind call', 'for a spreadsheet'],
      ['isogate audit export --format ocsf --since 1h', 'for a SIEM'],
    ],
  }).action(act(host, (options: ExportOptions) => write(host.ports, options)))
}

async function write(ports: CliPorts, options: ExportOptions): Promise<ExitCode> {
  const query = toQuery(options, ports.nowMs)
  const { out, format } = options
  const target = out === undefined ? toStdout(ports) : openFile(resolve(ports.cwd, out))
  let count = 0
  try {
    if (format === 'csv') await target.write(CSV_HEADER)
    await withRecords(ports, options.config, async ({ store }) => {
      for await (const row of readRows(store, query)) {
        ports.interrupted.throwIfAborted()
        await target.write(toText(row, format, ports.version))
        count += 1
      }
    })
  } finally {
    await target.end()
  }
  if (out !== undefined) ports.stderr.write(`${countOf(count, 'event')} written.\n`)
  return 0
}

/** A row that is no event is not left out: whoever counts would miss it. */
function toText(row: AuditRow, format: Format, version: string): string {
  const record = toRecord(row)
  if (record === undefined || format === 'jsonl') {
    const { seq, hash, body } = row
    const event = record === undefined ? `"raw":${JSON.stringify(body)}` : `"event":${body}`
    return format === 'csv' ? `${seq},"","unreadable"\r\n` : `{"seq":${seq},"hash":"${hash}",${event}}\n`
  }
  return format === 'csv' ? toCsvLine(record) : `${JSON.stringify(toOcsf(record, version))}\n`
}

interface Target {
  /** Resolves when there is room for more. */
  readonly write: (text: string) => Promise<void>
  readonly end: () => Promise<void>
}

function toStdout({ stdout, interrupted }: CliPorts): Target {
  return {
    write: async (text) => {
      stdout.write(text)
      await roomIn(stdout.stream, interrupted)
    },
    end: async () => {},
  }
}

/** @throws GatewayError `already_there`, `state_unwritable` */
function openFile(path: string): Target {
  const stream = createWriteStream(path, { flags: 'wx', mode: 0o600 })
  let failure: NodeJS.ErrnoException | undefined
  stream.once('error', (error) => (failure = error))
  const check = (): void => {
    if (failure === undefined) return
    if (failure.code === 'EEXIST') throw new GatewayError('already_there', `${path} exists.`)
    throw new GatewayError(
      'state_unwritable',
      `${path} cannot be written: ${failure.code ?? 'unknown error'}.`,
    )
  }
  return {
    write: async (text) => {
      check()
      if (!stream.write(text)) await Promise.race([once(stream, 'drain'), once(stream, 'close')])
      check()
    },
    end: async () => {
      stream.end()
      await finished(stream).catch(() => undefined)
      check()
    },
  }
}

async function roomIn(stream: Writable, signal: AbortSignal): Promise<void> {
  if (stream.writableNeedDrain) await once(stream, 'drain', { signal })
}
