import type { Command } from 'commander'

import { compileConfig } from '../config/compile.ts'
import { formatIssue } from '../config/issues.ts'
import { checkConfigFile, type CheckedConfig } from '../config/load.ts'
import { toJsonText, toPrintable } from './output/printable.ts'
import { createStyle } from './output/style.ts'
import { countOf, shortPath } from './output/words.ts'
import type { CliPorts, ExitCode } from './ports.ts'
import { act, describeVerb, type CommonOptions, type VerbHost } from './verb.ts'

interface ValidateOptions extends CommonOptions {
  readonly json?: boolean
}

/** Adds `isogate validate`. */
export function addValidate(program: Command, host: VerbHost): void {
  const command = program
    .command('validate')
    .summary('check the configuration')
    .description('Checks a configuration and shows all that is wrong with it, with file, line and column.')
    .argument('[file]', 'configuration, or the file of a client with "mcpServers" (default: as for serve)')
    .option('--json', 'print { ok, path, issues, notes } as JSON')
  describeVerb(command, {
    notes:
      'Nothing is started. References to the environment and to files are resolved, and their values never shown.',
    examples: [
      ['isogate validate', 'check the configuration of this folder'],
      ['isogate validate ~/.cursor/mcp.json', 'check whether the file of a client would do'],
      ['isogate validate --json | jq .issues', 'for programs'],
    ],
  }).action(
    act(host, (file: string | undefined, options: ValidateOptions) => validate(host.ports, file, options)),
  )
}

async function validate(
  ports: CliPorts,
  file: string | undefined,
  { json = false }: ValidateOptions,
): Promise<ExitCode> {
  const { env, cwd, readFile, stdout } = ports
  const checked = await checkConfigFile({ env, cwd, readFile, ...(file === undefined ? {} : { path: file }) })
  if (checked.ok) compileConfig(checked.config, checked.baseDir)
  stdout.write(`${json ? toJsonText(reportOf(checked), stdout) : describe(ports, checked)}\n`)
  return checked.ok ? 0 : 1
}

function reportOf(checked: CheckedConfig): object {
  const { ok, path, notes } = checked
  return { ok, path, issues: checked.ok ? [] : checked.issues, notes }
}

function describe({ cwd, stdout }: CliPorts, checked: CheckedConfig): string {
  const style = createStyle(stdout)
  const path = shortPath(checked.path, cwd)
  const issues = checked.ok ? [] : checked.issues.map((issue) => toPrintable(formatIssue(path, issue)))
  const notes = checked.notes.map(({ path: at, line, message }) =>
    [`${path}:${line}`, style.warn('note:'), toPrintable(at), toPrintable(message)].filter(Boolean).join(' '),
  )
  const summary = checked.ok
    ? `${path} ${style.good('is valid')}: ${summaryOf(checked.config.servers)}.`
    : style.bad(`${countOf(issues.length, 'error')} in ${path}.`)
  return [...issues, ...notes, summary].join('\n')
}

function summaryOf(servers: Readonly<Record<string, { readonly enabled: boolean }>>): string {
  const all = Object.values(servers)
  const off = all.filter(({ enabled }) => !enabled).length
  return `${countOf(all.length, 'server')}${off === 0 ? '' : `, ${off} of them disabled`}`
}
