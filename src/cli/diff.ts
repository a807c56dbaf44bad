import type { Command } from 'commander'

import { compileConfig } from '../config/compile.ts'
import { diffPlans, isEmptyDiff, type PlanDiff } from '../config/diff.ts'
import { loadConfig } from '../config/load.ts'
import type { Rule } from '../core/rule.ts'
import { toJsonText, toPrintable } from './output/printable.ts'
import { createStyle, type Style } from './output/style.ts'
import { shortPath } from './output/words.ts'
import type { CliPorts, ExitCode } from './ports.ts'
import { act, describeVerb, type CommonOptions, type VerbHost } from './verb.ts'

interface DiffOptions extends CommonOptions {
  readonly against: string
  readonly json?: boolean
}

/** Adds `isogate diff`. */
export function addDiff(program: Command, host: VerbHost): void {
  const command = program
    .command('diff')
    .summary('show what another configuration would change')
    .description('Shows what changes when a gateway that serves one configuration is given another.')
    .argument('[file]', 'configuration that would be given to it (default: as for serve)')
    .requiredOption('-a, --against <file>', 'configuration that is served')
    .option('--json', 'print { equal, servers, rules, settings, restart } as JSON')
  describeVerb(command, {
    notes: `Nothing is started. Of what a server is given only the names are shown, never the values.
Relative paths of both files begin in the folder of the first, so that a copy can stand anywhere.
The exit code is 0 whether they differ or not; --json says which in \`equal\`.`,
    examples: [
      ['isogate diff --against served.yaml', 'what isogate.yaml of this folder would change'],
      ['isogate diff new.yaml --against isogate.yaml', 'before one file takes the place of the other'],
      ['isogate diff --against old.yaml --json | jq .restart', 'for programs'],
    ],
  }).action(act(host, (file: string | undefined, options: DiffOptions) => diff(host.ports, file, options)))
}

async function diff(
  ports: CliPorts,
  file: string | undefined,
  { against, json = false }: DiffOptions,
): Promise<ExitCode> {
  const { env, cwd, readFile, stdout } = ports
  const source = { env, cwd, readFile }
  const after = await loadConfig({ ...source, ...(file === undefined ? {} : { path: file }) })
  const before = await loadConfig({ ...source, path: against })
  const found = diffPlans(
    compileConfig(before.config, after.baseDir),
    compileConfig(after.config, after.baseDir),
  )
  const equal = isEmptyDiff(found)
  if (json) stdout.write(`${toJsonText({ equal, ...found }, stdout)}\n`)
  else if (equal)
    stdout.write(`${shortPath(after.path, cwd)} and ${shortPath(before.path, cwd)} mean the same.\n`)
  else stdout.write(`${describe(found, createStyle(stdout)).join('\n')}\n`)
  return 0
}

function describe({ servers, rules, settings, restart }: PlanDiff, style: Style): readonly string[] {
  const plus = style.good('+')
  const minus = style.bad('-')
  const tilde = style.warn('~')
  return [
    ...servers.added.map((name) => `${plus} server ${name}`),
    ...servers.removed.map((name) => `${minus} server ${name}`),
    ...servers.changed.map(
      ({ name, fields }) => `${tilde} server ${name}: ${fields.map(toPrintable).join(', ')}`,
    ),
    ...rules.added.map((rule) => `${plus} rule ${ruleText(rule)}`),
    ...rules.removed.map((rule) => `${minus} rule ${ruleText(rule)}`),
    ...settings.map((path) => `${tilde} ${path}`),
    ...restart.map((path) => `${style.warn('!')} ${path} (needs a restart)`),
  ]
}

function ruleText({ verdict, pattern, source }: Rule): string {
  return toPrintable(`${verdict} ${pattern}  (${source})`)
}
