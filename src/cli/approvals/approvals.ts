import type { Command } from 'commander'

import type { VerbHost } from '../verb.ts'
import { addApprove, addDeny } from './decide.ts'
import { addList } from './list.ts'
import { addShow } from './show.ts'

/** Adds `isogate approvals` with its verbs. */
export function addApprovals(program: Command, host: VerbHost): void {
  const command = program
    .command('approvals')
    .summary('calls that wait for a yes: list, show, approve, deny')
    .description('Looks at the calls that wait for somebody to say yes, and decides them.')
    .addHelpText(
      'after',
      `
A rule with the verdict \`ask\` makes a call wait, and a script that makes it is suspended. Decide in this terminal or in any
other that has the same store; the gateway need not be told.

Examples:
  isogate approvals ls
  isogate approvals show a_Xz4…
  isogate approvals approve a_Xz4…
  isogate approvals deny a_Xz4… --reason 'not in production'

\`isogate approvals <verb> --help\` tells more.`,
    )
  addList(command, host)
  addShow(command, host)
  addApprove(command, host)
  addDeny(command, host)
}
