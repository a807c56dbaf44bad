import type { Command } from 'commander'

import type { Approval } from '../../core/approval.ts'
import { toJsonText, toLine } from '../output/printable.ts'
import { createStyle } from '../output/style.ts'
import type { CliPorts, ExitCode, Output } from '../ports.ts'
import { act, describeVerb, withConfigOption, type ConfigOptions, type VerbHost } from '../verb.ts'
import { withApprovals } from './desk.ts'
import { withoutBinding } from '../../core/approval.ts'
import { spanOf, stateAt, whatOf } from './words.ts'

interface ShowOptions extends ConfigOptions {
  readonly json?: boolean
}

const MAX_LINE = 1_000

/** Adds `isogate approvals show`. */
export function addShow(approvals: Command, host: VerbHost): void {
  const command = approvals
    .command('show')
    .summary('one approval, with all that is asked')
    .description(
      'Shows an approval: whose call it is, with which arguments, and what its run has done so far.',
    )
    .argument('<id>', 'the id of the approval')
  describeVerb(withConfigOption(command).option('--json', 'print the approval as JSON'), {
    notes: 'Arguments are shown whole. On a terminal, what cannot be seen in them is written as an escape.',
    examples: [['isogate approvals show a_Xz4…', 'before you decide']],
  }).action(act(host, (id: string, options: ShowOptions) => show(host.ports, id, options)))
}

async function show(ports: CliPorts, id: string, { json = false, config }: ShowOptions): Promise<ExitCode> {
  const { stdout } = ports
  const approval = await withApprovals(ports, config, (desk) => desk.load(id))
  const nowMs = ports.nowMs()
  const known = { ...approval, state: stateAt(approval, nowMs) }
  if (json) stdout.write(`${toJsonText(withoutBinding(known), stdout)}\n`)
  else stdout.write(`${describe(known, nowMs, stdout).join('\n')}\n`)
  return 0
}

function describe(approval: Approval, nowMs: number, stdout: Output): readonly string[] {
  const { bold, dim } = createStyle(stdout)
  const { id, state, owner, team, rule, createdAtMs, expiresAtMs, fourEyes, subject, decision } = approval
  const fact = (name: string, text: string): string => `  ${dim(name.padEnd(10))}  ${toLine(text, MAX_LINE)}`
  const run = subject.kind === 'call' ? subject.run : undefined
  return [
    bold(`${id} ${state}: ${whatOf(approval)}`),
    fact('for', team === undefined ? owner : `${owner} of the team ${team}`),
    fact('rule', rule),
    fact('asked', `${new Date(createdAtMs).toISOString()} (${spanOf(nowMs - createdAtMs)} ago)`),
    fact('ends', new Date(expiresAtMs).toISOString()),
    ...(fourEyes ? [fact('four eyes', 'somebody else than the caller decides')] : []),
    ...(decision === undefined
      ? []
      : [
          fact(
            'decided',
            `${new Date(decision.atMs).toISOString()} by ${decision.by} (${decision.via}), for the ${decision.scope}`,
          ),
        ]),
    ...(decision?.reason === undefined ? [] : [fact('reason', decision.reason)]),
    ...(decision?.atMost === undefined ? [] : [fact('at most', JSON.stringify(decision.atMost))]),
    ...(run === undefined ? [] : [fact('run', run.id), fact('code', `sha256:${run.codeHash}`)]),
    ...(subject.kind === 'plan'
      ? [fact('plan', subject.hash), fact('code', `sha256:${subject.codeHash}`)]
      : []),
    ...(run === undefined || run.done.length === 0
      ? []
      : ['', 'Done so far in this run:', ...run.done.map((line) => `  ${toLine(line, MAX_LINE)}`)]),
    '',
    ...(subject.kind === 'call'
      ? ['Arguments:', toJsonText(subject.args, stdout)]
      : subject.effects.map(({ tool, args }) => `${toLine(tool, MAX_LINE)} ${toJsonText(args, stdout)}`)),
  ]
}
