import type { Command } from 'commander'

import type { VerbHost } from '../verb.ts'
import { addCheck } from './check.ts'
import { addList } from './list.ts'
import { addRun } from './run.ts'
import { addSave } from './save.ts'

/** Adds `isogate scripts` with its verbs. */
export function addScripts(program: Command, host: VerbHost): void {
  const command = program
    .command('scripts')
    .summary('save, list, check and run scripts that are tools')
    .description(
      'Keeps scripts as tools: each is listed, searched and called as scripts.<name>, under the same rules as every tool.',
    )
    .addHelpText(
      'after',
      `
A saved script is three files in the folder \`scripts.folder\` (default: scripts, beside the configuration):
  NAME.ts             the code: statements that use \`input\`, or \`async (input) => ...\`
  NAME.json           description, JSON Schemas of input and output, and the tools that it may call
  NAME.fixtures.json  recorded runs: its tests
isogate.lock, beside the configuration, holds the schemas that they were checked against. All of them belong into
the repository.

Examples:
  isogate scripts save week --file week.ts -d "Hours of a week" --example '{"week": 12}'
  isogate scripts list
  isogate scripts save week --file week.ts --force    the next version
  isogate scripts check                               in CI: exit code 1 when something is broken
  isogate scripts check --update                      write the lock, after a look at what has changed
  isogate scripts run week --input '{"week": 13}'
  isogate scripts run week --input '{"week": 13}' --dry-run

\`isogate scripts <verb> --help\` tells more.`,
    )
  addSave(command, host)
  addList(command, host)
  addCheck(command, host)
  addRun(command, host)
}
