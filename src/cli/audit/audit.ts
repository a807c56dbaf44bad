import type { Command } from 'commander'

import type { VerbHost } from '../verb.ts'
import { addExport } from './export.ts'
import { addList } from './list.ts'
import { addShow } from './show.ts'
import { addVerify } from './verify.ts'

/** Adds `isogate audit` with its verbs. */
export function addAudit(program: Command, host: VerbHost): void {
  const command = program
    .command('audit')
    .summary('what happened: list, show, export, verify')
    .description(
      'Looks at the records of everything that happened: who used what, by which rule, and how it ended.',
    )
    .addHelpText(
      'after',
      `
Records are kept in the store, each with the hash of the one before, and signed from time to time. Nothing here
changes them; how long they are kept is \`audit.retentionDays\` of the configuration.

Examples:
  isogate audit ls --since 1h              the last hour
  isogate audit show 1042                  one event, with all that is known of it
  isogate audit export --format ocsf       for a SIEM
  isogate audit verify                     nothing was changed, removed or put in

\`isogate audit <verb> --help\` tells more.`,
    )
  addList(command, host)
  addShow(command, host)
  addExport(command, host)
  addVerify(command, host)
}
