import type { Command } from 'commander'

import { withoutBinding, type Approval } from '../../core/approval.ts'
import { toJsonText, toLine } from '../output/printable.ts'
import { createStyle } from '../output/style.ts'
import type { CliPorts, ExitCode, Output } from '../ports.ts'
import { act, describeVerb, withConfigOption, type ConfigOptions, type VerbHost } from '../verb.ts'
import { withApprovals } from './desk.ts'
import { spanOf, stateAt, whatOf } from './words.ts'

interface ListOptions extends ConfigOptions {
  readonly all?: boolean
  readonly json?: boolean
}

const MAX_LISTED = 1_000
const MAX_NAME = 40
const MAX_ARGUMENTS = 60

/** Adds `isogate approvals ls`. */
export function addList(approvals: Command, host: VerbHost): void {
  const command = approvals
    .command('ls')
    .alias('list')
    .summary('what waits for an approval')
    .description('Lists the approvals that wait, the newest first.')
  withConfigOption(command)
    .option('-a, --all', 'those that were decided or have expired too')
    .option('--json', 'print { approvals } as JSON')
  describeVerb(command, {
    notes: 'Nothing is started: the store is read, also while a gateway runs. FOR is whose call it is.',
    examples: [
      ['isogate approvals ls', 'what waits'],
      ['isogate approvals ls --json | jq -r ".approvals[].id"', 'for programs'],
    ],
  }).action(act(host, (options: ListOptions) => list(host.ports, options)))
}

async function list(ports: CliPorts, { all = false, json = false, config }: ListOptions): Promise<ExitCode> {
  const { stdout } = ports
  const nowMs = ports.nowMs()
  const found = await withApprovals(ports, config, (desk) =>
    desk.list({ limit: MAX_LISTED, ...(all ? {} : { state: 'pending' }) }),
  )
  const known = found.map((approval) => ({ ...approval, state: stateAt(approval, nowMs) }))
  const listed = all ? known : known.filter(({ state }) => state === 'pending')
  if (json) stdout.write(`${toJsonText({ approvals: listed.map(withoutBinding) }, stdout)}\n`)
  else if (listed.length === 0) stdout.write(`Nothing waits for an approval.\n`)
  else stdout.write(`${describe(listed, nowMs, stdout).join('\n')}\n`)
  return 0
}

function describe(listed: readonly Approval[], nowMs: number, stdout: Output): readonly string[] {
  const { dim, warn } = createStyle(stdout)
  const table = [
    ['ID', 'STATE', 'AGE', 'ENDS IN', 'FOR', 'WHAT', 'ARGUMENTS'],
    ...listed.map((approval) => [
      approval.id,
      approval.state,
      spanOf(nowMs - approval.createdAtMs),
      approval.state === 'pending' ? spanOf(approval.expiresAtMs - nowMs) : '',
      toLine(approval.owner, MAX_NAME),
      toLine(whatOf(approval), MAX_NAME),
      approval.subject.kind === 'call' ? toLine(JSON.stringify(approval.subject.args), MAX_ARGUMENTS) : '',
    ]),
  ]
  const widths = (table[0] ?? []).map((_, column) =>
    Math.max(...table.map((cells) => cells[column]?.length ?? 0)),
  )
  return table.map((cells, row) => {
    const text = cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
    if (row === 0) return dim(text)
    return listed[row - 1]?.state === 'pending' ? warn(text) : text
  })
}
