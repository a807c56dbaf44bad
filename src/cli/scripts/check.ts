import type { Command } from 'commander'

import { toJsonText, toLine } from '../output/printable.ts'
import { createStyle } from '../output/style.ts'
import { countOf } from '../output/words.ts'
import type { CliPorts, ExitCode } from '../ports.ts'
import { CLI_PRINCIPAL, during, noteDownServers } from '../session.ts'
import { act, describeVerb, withConfigOption, type ConfigOptions, type VerbHost } from '../verb.ts'
import type { ScriptsCheck } from '../../core/saved-scripts.ts'
import { describeReports, isAnyBroken } from './report.ts'
import { withDesk } from './session.ts'

interface CheckOptions extends ConfigOptions {
  readonly update?: boolean
  readonly json?: boolean
}

/** Adds `isogate scripts check`. */
export function addCheck(scripts: Command, host: VerbHost): void {
  const command = scripts
    .command('check')
    .summary('types, recorded runs and the lock')
    .description(
      'Checks saved scripts: their types against the tools as they are now, their recorded runs, and the lock.',
    )
    .argument('[name]', 'only this one')
    .option('--update', 'write the lock as things are now, with aliases for tools that were renamed')
  describeVerb(
    withConfigOption(command).option('--json', 'print { scripts, problems, renames, isUpdated } as JSON'),
    {
      notes: `Recorded runs are played in the sandbox with the recorded answers: no server is called. Types are compared with the
servers that answer; one that is down breaks nothing.
Exit code 1 when a script is broken; a lock that is only behind is told, and is no failure.`,
      examples: [
        ['isogate scripts check', 'all of them, as in CI'],
        ['isogate scripts check week', 'one of them'],
        ['isogate scripts check --update', 'after a look at what has changed'],
      ],
    },
  ).action(act(host, (name: string | undefined, options: CheckOptions) => check(host.ports, name, options)))
}

function check(ports: CliPorts, name: string | undefined, options: CheckOptions): Promise<ExitCode> {
  return withDesk<ExitCode>(ports, options, async ({ gateway, desk }) => {
    const { stdout, interrupted } = ports
    const work = desk.check(CLI_PRINCIPAL, {
      ...(name === undefined ? {} : { name }),
      update: options.update === true,
      signal: interrupted,
    })
    const checked = await during(ports, 'Checking saved scripts', work)
    if (options.json === true) stdout.write(`${toJsonText(checked, stdout)}\n`)
    else {
      noteDownServers(ports, gateway)
      stdout.write(`${describeCheck(checked, ports)}\n`)
    }
    return isAnyBroken(checked.scripts, checked.problems) ? 1 : 0
  })
}

function describeCheck(
  { scripts, problems, renames, isUpdated }: ScriptsCheck,
  { stdout }: CliPorts,
): string {
  const { warn } = createStyle(stdout)
  const reports = describeReports(scripts, problems, stdout, ({ examples }) =>
    countOf(examples, 'recorded run'),
  )
  const found = Object.entries(renames).map(([from, to]) => `${toLine(from, 200)} -> ${toLine(to, 200)}`)
  const renamed =
    found.length === 0
      ? []
      : [
          isUpdated ? 'Aliases were written:' : warn('Renamed, as it seems (--update writes an alias):'),
          ...found.map((line) => `  ${line}`),
        ]
  return [reports, ...renamed, ...(isUpdated ? ['isogate.lock is written.'] : [])].join('\n')
}
