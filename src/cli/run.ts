import { resolve } from 'node:path'

import type { Command } from 'commander'

import { isJsonObject, type Json } from '../core/json.ts'
import type { JournalRecord } from '../core/ports.ts'
import type { Result } from '../core/result.ts'
import { CliFailure } from './failure.ts'
import { toJsonText, toOutput, toPrintable } from './output/printable.ts'
import { createStyle } from './output/style.ts'
import type { CliPorts, ExitCode } from './ports.ts'
import { CLI_PRINCIPAL, during, noteDownServers, withGateway } from './session.ts'
import { act, describeVerb, withConfigOption, type ConfigOptions, type VerbHost } from './verb.ts'

interface RunOptions extends ConfigOptions {
  readonly json?: boolean
}

/** More than any configuration lets a script have; the gateway refuses what is above the configured limit. */
const MAX_SCRIPT_BYTES = 16 * 1024 * 1024

/** Adds `isogate run`. */
export function addRun(program: Command, host: VerbHost): void {
  const command = program
    .command('run')
    .summary('run a script over the tools')
    .description(
      'Runs a script in the sandbox, with the tools of the configured servers, and prints what it returns.',
    )
    .argument('<file>', 'TypeScript or JavaScript; - reads it from the standard input')
  withConfigOption(command).option('--json', 'print { value | error, logs, calls, usage } as JSON')
  describeVerb(command, {
    notes: `In the script, \`await tools.<server>.<tool>({...})\` calls a tool and \`return\` gives the result.
What it logs with \`console\` goes to the error output.`,
    examples: [
      ['isogate run report.ts', 'run a script'],
      ['echo \'return await tools.everything.echo({ message: "hi" })\' | isogate run -', 'from a pipe'],
      ['isogate run report.ts --json | jq .usage', 'with the calls that it made and what it used'],
    ],
  }).action(act(host, (file: string, options: RunOptions) => run(host.ports, file, options)))
}

async function run(ports: CliPorts, file: string, options: RunOptions): Promise<ExitCode> {
  const code = await readScript(ports, file)
  const id = ports.newId()
  const records: JournalRecord[] = []
  const journal = { write: (record: JournalRecord) => void (record.parent === id && records.push(record)) }
  return withGateway(ports, { ...options, journal }, async ({ gateway }) => {
    noteDownServers(ports, gateway)
    const result = await during(
      ports,
      'Running the script',
      gateway.handler(
        Object.freeze({
          id,
          door: 'cli',
          principal: CLI_PRINCIPAL,
          tool: { server: 'code', name: 'run_script' },
          args: { code },
          signal: ports.interrupted,
        }),
      ),
    )
    if (options.json === true) ports.stdout.write(`${toJsonText(toReport(result, records), ports.stdout)}\n`)
    else printRun(ports, result)
    return result.isError === true ? 1 : 0
  })
}

async function readScript(ports: CliPorts, file: string): Promise<string> {
  if (file === '-') return ports.readStdin()
  const read = await ports.readFile(resolve(ports.cwd, file), MAX_SCRIPT_BYTES)
  if (read.kind === 'text') return read.text
  throw new CliFailure(
    2,
    `${file} cannot be read: ${read.kind === 'missing' ? 'there is no such file' : read.reason}.`,
  )
}

/** The texts of a run's result: what it gave or why it failed, what it logged, and remarks on it. */
function partsOf(result: Result): {
  readonly main: string
  readonly logs?: string
  readonly notes: readonly string[]
} {
  const [main = '', ...rest] = result.content.map(({ text }) => (typeof text === 'string' ? text : ''))
  const hasLogs = rest[0]?.startsWith('Logs:\n') === true
  const notes = hasLogs ? rest.slice(1) : rest
  return hasLogs ? { main, logs: rest[0]?.slice('Logs:\n'.length) ?? '', notes } : { main, notes }
}

function printRun({ stdout, stderr }: CliPorts, result: Result): void {
  const { main, logs, notes } = partsOf(result)
  const style = createStyle(stderr)
  if (logs !== undefined) stderr.write(`${style.dim(toOutput(logs, stderr))}\n`)
  for (const note of notes) stderr.write(`${style.warn(toPrintable(note))}\n`)
  if (result.isError === true) {
    stderr.write(`isogate: ${toPrintable(main)}\n`)
    return
  }
  const value = toValue(main)
  // A person reads it better over several lines; a program gets what the script returned, byte for byte.
  const text =
    stdout.isTerminal && typeof value === 'object' ? toJsonText(value, stdout) : toOutput(main, stdout)
  stdout.write(`${text}\n`)
}

function toReport(result: Result, records: readonly JournalRecord[]): object {
  const { main, logs, notes } = partsOf(result)
  const told = result._meta?.['isogate/run']
  const { usage, code } = isJsonObject(told) ? told : {}
  return {
    ...(result.isError === true
      ? { error: { code: code ?? 'script_error', message: main } }
      : { value: toValue(main) }),
    logs: logs?.split('\n') ?? [],
    ...(notes.length === 0 ? {} : { notes }),
    calls: records.map(({ tool, outcome, durationMs, code: refusal }) => ({
      tool,
      outcome,
      durationMs: Math.round(durationMs * 10) / 10,
      ...(refusal === undefined ? {} : { code: refusal }),
    })),
    ...(usage === undefined ? {} : { usage }),
  }
}

/** The value behind its text: a result carries text as it is and everything else as JSON. */
function toValue(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}
