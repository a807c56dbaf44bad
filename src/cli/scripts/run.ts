import type { Command } from 'commander'

import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import type { Result } from '../../core/result.ts'
import { UsageError } from '../failure.ts'
import { toJsonText, toPrintable } from '../output/printable.ts'
import { createStyle } from '../output/style.ts'
import type { CliPorts, ExitCode } from '../ports.ts'
import { CLI_PRINCIPAL, during, noteDownServers, withGateway } from '../session.ts'
import { renderResult } from '../tools/content.ts'
import { act, describeVerb, withConfigOption, type ConfigOptions, type VerbHost } from '../verb.ts'

interface RunOptions extends ConfigOptions {
  readonly input?: string
  readonly dryRun?: boolean
  readonly json?: boolean
}

/** The member of `_meta` that asks for a dry run. */
const DRY_RUN_META = 'isogate/dryRun'

/** Adds `isogate scripts run`. */
export function addRun(scripts: Command, host: VerbHost): void {
  const command = scripts
    .command('run')
    .summary('run a saved script')
    .description('Calls a saved script through the gateway and prints its value.')
    .argument('<name>', 'its name')
    .option('-i, --input <json>', 'its input, a JSON object; - reads it from the standard input')
    .option('--dry-run', 'only what reads is really called; the other calls are listed')
  describeVerb(withConfigOption(command).option('--json', 'print the result as a client gets it'), {
    notes: 'What it logs with `console` goes to the error output.',
    examples: [
      [`isogate scripts run week --input '{"week": 12}'`, 'run it'],
      [`isogate scripts run week --input '{"week": 12}' --dry-run`, 'what it would change'],
      ['isogate scripts run week --input - < week.json', 'from a file'],
    ],
  }).action(act(host, (name: string, options: RunOptions) => run(host.ports, name, options)))
}

async function run(ports: CliPorts, name: string, options: RunOptions): Promise<ExitCode> {
  const args = parseInput(options.input === '-' ? await ports.readStdin() : (options.input ?? '{}'))
  return withGateway<ExitCode>(ports, options, async ({ gateway }) => {
    noteDownServers(ports, gateway)
    const result = await during(
      ports,
      `Running ${name}`,
      gateway.handler(
        Object.freeze({
          id: ports.newId(),
          door: 'cli',
          principal: CLI_PRINCIPAL,
          tool: { server: 'scripts', name },
          args,
          signal: ports.interrupted,
          ...(options.dryRun === true ? { meta: { [DRY_RUN_META]: true } } : {}),
        }),
      ),
    )
    print(ports, result, options.json === true)
    return result.isError === true ? 1 : 0
  })
}

function print({ stdout, stderr }: CliPorts, result: Result, asJson: boolean): void {
  if (asJson) {
    stdout.write(`${toJsonText(result, stdout)}\n`)
    return
  }
  for (const line of logsOf(result)) stderr.write(`${createStyle(stderr).dim(toPrintable(line))}\n`)
  // The structured content says the same once more.
  const { structuredContent: _same, ...shown } = result
  if (result.isError === true) stderr.write(`isogate: ${renderResult(shown, stderr)}`)
  else stdout.write(renderResult(shown, stdout))
}

function logsOf({ _meta }: Result): readonly string[] {
  const told = _meta?.['isogate/run']
  const logs = isJsonObject(told) ? told['logs'] : undefined
  return Array.isArray(logs) ? logs.map(String) : []
}

function parseInput(text: string): JsonObject {
  let value: Json
  try {
    value = JSON.parse(text) as Json
  } catch (cause) {
    throw new UsageError(`The input is not valid JSON: ${(cause as Error).message}.`)
  }
  if (!isJsonObject(value)) throw new UsageError('The input must be one JSON object: { "name": value }.')
  return value
}
