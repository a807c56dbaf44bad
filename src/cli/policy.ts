import { Option, type Command } from 'commander'

import type { Door } from '../core/call.ts'
import { isJsonObject, type JsonObject } from '../core/json.ts'
import type { Principal } from '../core/principal.ts'
import type { Verdict } from '../core/rule.ts'
import { toolKey } from '../core/tool.ts'
import { matchesGlob } from '../core/glob.ts'
import { verdictOf } from '../policy/judge.ts'
import { UsageError } from './failure.ts'
import { toJsonText, toLine } from './output/printable.ts'
import { createStyle, type Style } from './output/style.ts'
import type { CliPorts, ExitCode } from './ports.ts'
import { CLI_PRINCIPAL, withGateway, type Session } from './session.ts'
import { act, describeVerb, withConfigOption, type ConfigOptions, type VerbHost } from './verb.ts'

interface PolicyOptions extends ConfigOptions {
  readonly door: Door
  readonly json?: boolean
}

interface MatrixOptions extends PolicyOptions {
  readonly tools?: string
}

/** The doors of the outside, and that of scripts. */
const DOORS: readonly Door[] = ['mcp', 'stdio', 'rest', 'cli', 'script']
/** Whoever holds the gateway's own token, and whoever calls at the command line: nothing but the policy of the gateway holds for them. */
const PLAIN: Readonly<Record<string, Principal>> = {
  token: Object.freeze({ id: 'token', kind: 'token' }),
  cli: CLI_PRINCIPAL,
}

/** Adds `isogate policy`. */
export function addPolicy(program: Command, host: VerbHost): void {
  const policy = program
    .command('policy')
    .summary('who may call what, and why')
    .description('Explains the policy.')
  addExplain(policy, host)
  addMatrix(policy, host)
}

function withDoorOption(command: Command): Command {
  return withConfigOption(command)
    .addOption(new Option('--door <door>', 'where the call comes in').choices(DOORS).default('mcp'))
    .option('--json', 'print it as JSON')
}

function addExplain(policy: Command, host: VerbHost): void {
  const command = policy
    .command('explain')
    .summary('the verdict over one call, and the rule of each level')
    .description('Says level by level what the policy says of a call. Nothing is called.')
    .argument('<key>', 'name of a virtual key, or `token` or `cli`')
    .argument('<tool>', 'tool, as server.tool')
    .argument('[arguments]', 'a JSON object; without it, conditions over arguments are left open')
  describeVerb(withDoorOption(command), {
    notes:
      'The strictest of all levels wins. A caller is told none of this: what is denied is unknown to it.',
    examples: [
      ['isogate policy explain ci files.write_file', 'what may the key ci do'],
      [`isogate policy explain ci pay.charge '{"amount": 500}'`, 'with these arguments'],
      ['isogate policy explain ci files.write_file --door script', 'where a script makes the call'],
    ],
  }).action(
    act(host, (key: string, tool: string, args: string | undefined, options: PolicyOptions) =>
      explain(host.ports, key, tool, args, options),
    ),
  )
}

function addMatrix(policy: Command, host: VerbHost): void {
  const command = policy
    .command('matrix')
    .summary('who may call what')
    .description('Prints a table of keys and tools with the mildest verdict that some arguments get.')
    .argument('<keys...>', 'names of virtual keys, or `token` or `cli`')
    .option('--tools <glob>', 'only tools that match this glob over server.tool')
  describeVerb(withDoorOption(command), {
    notes: 'A verdict with a star depends on the arguments.',
    examples: [
      ['isogate policy matrix ci deploy', 'two keys and all tools'],
      ["isogate policy matrix ci --tools '*.delete_*' --door script", 'what scripts of the key may delete'],
    ],
  }).action(act(host, (keys: readonly string[], options: MatrixOptions) => matrix(host.ports, keys, options)))
}

function explain(
  ports: CliPorts,
  key: string,
  name: string,
  text: string | undefined,
  options: PolicyOptions,
): Promise<ExitCode> {
  const args = text === undefined ? undefined : parseArguments(text)
  return withGateway<ExitCode>(ports, options, async ({ gateway }) => {
    const principal = await principalOf(gateway, key)
    const spec = gateway.snapshot().catalog.resolve(name)
    const tool = spec?.ref ?? splitName(name)
    const findings = gateway.explain(principal, options.door, tool, args)
    const verdict = verdictOf(findings)
    const { stdout } = ports
    if (options.json === true) {
      const report = {
        principal: principal.id,
        tool: toolKey(tool),
        door: options.door,
        verdict,
        levels: findings,
      }
      stdout.write(`${toJsonText(report, stdout)}\n`)
      return 0
    }
    const style = createStyle(stdout)
    const lines = findings.map(({ level, verdict: own, source, isConditional }) => {
      const open = isConditional && args === undefined ? ' (depends on the arguments)' : ''
      return `  ${painted(style, own).padEnd(6)} ${level}${source === undefined || source === '' ? ': no rule' : `: ${toLine(source, 200)}`}${open}`
    })
    const missing =
      spec === undefined ? ['There is no such tool at the moment; this is what the rules would say.'] : []
    stdout.write(
      [
        `${painted(style, verdict)} ${toLine(toolKey(tool), 200)} for ${principal.id}`,
        ...lines,
        ...missing,
        '',
      ].join('\n'),
    )
    return 0
  })
}

function matrix(ports: CliPorts, keys: readonly string[], options: MatrixOptions): Promise<ExitCode> {
  return withGateway<ExitCode>(ports, options, async ({ gateway }) => {
    const principals = await Promise.all(
      keys.map(async (key) => [key, await principalOf(gateway, key)] as const),
    )
    const tools = gateway
      .snapshot()
      .catalog.tools.map(({ ref }) => ref)
      .filter((ref) => options.tools === undefined || matchesGlob(options.tools, toolKey(ref)))
    const rows = tools.map((tool) => ({
      tool: toolKey(tool),
      verdicts: Object.fromEntries(
        principals.map(([key, principal]) => {
          const findings = gateway.explain(principal, options.door, tool)
          const verdict = verdictOf(findings)
          const isOpen = verdict !== 'deny' && findings.some(({ isConditional }) => isConditional)
          return [key, `${verdict}${isOpen ? '*' : ''}`]
        }),
      ),
    }))
    const { stdout } = ports
    if (options.json === true) stdout.write(`${toJsonText(rows, stdout)}\n`)
    else stdout.write(toTable(rows, keys))
    return 0
  })
}

async function principalOf(gateway: Session['gateway'], key: string): Promise<Principal> {
  return PLAIN[key] ?? gateway.principalOf(key)
}

function parseArguments(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text)
    if (isJsonObject(value)) return value
  } catch {
    // The same words for both.
  }
  throw new UsageError('The arguments are one JSON object.')
}

function splitName(name: string): { server: string; name: string } {
  const dot = name.indexOf('.')
  if (dot <= 0) throw new UsageError('A tool is written as server.tool.')
  return { server: name.slice(0, dot), name: name.slice(dot + 1) }
}

function painted(style: Style, verdict: Verdict): string {
  return verdict === 'allow'
    ? style.good(verdict)
    : verdict === 'ask'
      ? style.warn(verdict)
      : style.bad(verdict)
}

function toTable(
  rows: readonly { readonly tool: string; readonly verdicts: Readonly<Record<string, string>> }[],
  keys: readonly string[],
): string {
  const shown = rows.map(({ tool, verdicts }) => [
    toLine(tool, 80),
    ...keys.map((key) => verdicts[key] ?? ''),
  ])
  const table = [['tool', ...keys], ...shown]
  const widths = [0, ...keys.map((_, index) => index + 1)].map((column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0)),
  )
  return table
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}
