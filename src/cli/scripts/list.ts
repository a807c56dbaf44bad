import type { Command } from 'commander'

import { firstSentence } from '../../catalog/stubs/text.ts'
import { toJsonText } from '../output/printable.ts'
import { createStyle } from '../output/style.ts'
import type { CliPorts, ExitCode } from '../ports.ts'
import { noteDownServers } from '../session.ts'
import { act, describeVerb, withConfigOption, type ConfigOptions, type VerbHost } from '../verb.ts'
import { describeReports } from './report.ts'
import { withDesk } from './session.ts'

interface ListOptions extends ConfigOptions {
  readonly json?: boolean
}

const MAX_SENTENCE = 100

/** Adds `isogate scripts list`. */
export function addList(scripts: Command, host: VerbHost): void {
  const command = scripts
    .command('list')
    .alias('ls')
    .summary('all saved scripts, and what is wrong with them')
    .description('Lists the saved scripts, and says which no longer fit the tools that they call.')
  describeVerb(withConfigOption(command).option('--json', 'print { scripts, problems } as JSON'), {
    notes: 'Types are checked, recorded runs are not played: that is `isogate scripts check`.',
    examples: [
      ['isogate scripts list', 'one line each'],
      [
        `isogate scripts list --json | jq -r '.scripts[] | select(.state == "broken").name'`,
        'the broken ones',
      ],
    ],
  }).action(act(host, (options: ListOptions) => list(host.ports, options)))
}

function list(ports: CliPorts, options: ListOptions): Promise<ExitCode> {
  return withDesk<ExitCode>(ports, options, async ({ gateway, desk }) => {
    const { stdout } = ports
    const { scripts, problems } = await desk.list()
    if (options.json === true) {
      stdout.write(`${toJsonText({ scripts, problems }, stdout)}\n`)
      return 0
    }
    noteDownServers(ports, gateway)
    const tail = ({ description }: { readonly description: string }): string =>
      createStyle(stdout).dim(firstSentence(description, MAX_SENTENCE))
    stdout.write(`${describeReports(scripts, problems, stdout, tail)}\n`)
    return 0
  })
}
