import { Option, type Command } from 'commander'

import type { Decision } from '../../core/approval-desk.ts'
import type { Approval, GrantScope } from '../../core/approval.ts'
import { UsageError } from '../failure.ts'
import { toJsonText, toLine } from '../output/printable.ts'
import type { CliPorts, ExitCode } from '../ports.ts'
import { act, describeVerb, withConfigOption, type ConfigOptions, type VerbHost } from '../verb.ts'
import { CLI_DECIDER, withApprovals } from './desk.ts'
import { withoutBinding } from '../../core/approval.ts'
import { whatOf } from './words.ts'

interface DenyOptions extends ConfigOptions {
  readonly reason?: string
  readonly json?: boolean
}

interface ApproveOptions extends DenyOptions {
  readonly scope?: GrantScope
  readonly atMost?: readonly string[]
}

/** Adds `isogate approvals approve`. */
export function addApprove(approvals: Command, host: VerbHost): void {
  const command = approvals
    .command('approve')
    .summary('say yes')
    .description('Lets a call through that waits: once, for the rest of its run, or the calls of a plan.')
    .argument('<id>', 'the id of the approval')
  withConfigOption(command)
    .addOption(
      new Option('-s, --scope <what>', 'this call, or this tool for the whole run').choices([
        'call',
        'run',
        'plan',
      ]),
    )
    .option(
      '--at-most <glob=count>',
      'of a plan: so many further calls of its tools, with any arguments; may be repeated',
      (text: string, before: readonly string[] | undefined) => [...(before ?? []), text],
    )
    .option('-r, --reason <text>', 'kept with the decision')
    .option('--json', 'print the approval as JSON')
  describeVerb(command, {
    notes: `Look at it first: \`isogate approvals show <id>\`. Who decides twice is told so, and nothing happens twice. An approval is
worth nothing once the tool or its server is another one.`,
    examples: [
      ['isogate approvals approve a_Xz4…', 'this one call'],
      ['isogate approvals approve a_Xz4… --scope run', 'this tool for the rest of the run'],
      [`isogate approvals approve a_Xz4… --at-most 'files.delete_*=20'`, 'a plan, and up to 20 deletes more'],
    ],
  }).action(
    act(host, (id: string, { scope, atMost, ...options }: ApproveOptions) =>
      decide(host.ports, id, options, {
        verdict: 'approve',
        ...(scope === undefined ? {} : { scope }),
        ...(atMost === undefined ? {} : { atMost: toCounts(atMost) }),
      }),
    ),
  )
}

/** Adds `isogate approvals deny`. */
export function addDeny(approvals: Command, host: VerbHost): void {
  const command = approvals
    .command('deny')
    .summary('say no')
    .description('Refuses a call that waits. Its script goes on with an error that it can catch.')
    .argument('<id>', 'the id of the approval')
  withConfigOption(command)
    .option('-r, --reason <text>', 'told to the caller')
    .option('--json', 'print the approval as JSON')
  describeVerb(command, {
    examples: [[`isogate approvals deny a_Xz4… --reason 'not in production'`, 'the caller reads why']],
  }).action(
    act(host, (id: string, options: DenyOptions) => decide(host.ports, id, options, { verdict: 'deny' })),
  )
}

async function decide(
  ports: CliPorts,
  id: string,
  { reason, json = false, config }: DenyOptions,
  said: Pick<Decision, 'verdict' | 'scope' | 'atMost'>,
): Promise<ExitCode> {
  const decision = { ...CLI_DECIDER, ...said, ...(reason === undefined ? {} : { reason }) }
  const approval = await withApprovals(ports, config, (desk) => desk.decide(id, decision))
  const { stdout } = ports
  stdout.write(`${json ? toJsonText(withoutBinding(approval), stdout) : describe(approval)}\n`)
  return 0
}

/** What was decided, and how it goes on. */
function describe(approval: Approval): string {
  const { id, subject, owner, state } = approval
  const what = `${state === 'denied' ? 'Denied' : 'Approved'} ${id}: ${whatOf(approval)} for ${toLine(owner, 200)}.`
  const run = subject.kind === 'call' ? subject.run : undefined
  if (run?.id.startsWith('saved:') === true)
    return `${what}\nThe saved script goes on when it is called again as it was.`
  if (run !== undefined)
    return `${what}\nIts run goes on with run_script({"resume":"${toLine(run.id, 100)}"}).`
  if (state === 'denied') return what
  return subject.kind === 'plan'
    ? `${what}\nThe same code can now be run without dryRun.`
    : `${what}\nThe caller makes the same call again.`
}

/** @throws UsageError */
function toCounts(texts: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries(
    texts.map((text) => {
      const [, glob, count] = /^(.+)=(\d{1,6})$/.exec(text) ?? []
      if (glob === undefined)
        throw new UsageError(`--at-most takes files.delete_*=20, not "${toLine(text, 60)}".`)
      return [glob, Number(count)]
    }),
  )
}
