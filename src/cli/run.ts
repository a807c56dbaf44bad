import { Option, type Command } from 'commander'

import { isJsonObject, type Json, type JsonObject } from '../core/json.ts'
import type { JournalRecord } from '../core/ports.ts'
import type { Result } from '../core/result.ts'
import { toJsonText, toOutput, toPrintable } from './output/printable.ts'
import { createStyle } from './output/style.ts'
import type { CliPorts, ExitCode } from './ports.ts'
import { during, noteDownServers, withGateway } from './session.ts'
import { readTextFile } from './text-file.ts'
import { UsageError } from './failure.ts'
import { act, describeVerb, withCallerOption, type CallerOptions, type VerbHost } from './verb.ts'

interface RunOptions extends CallerOptions {
  readonly json?: boolean
  readonly dryRun?: boolean
  readonly check?: string
  readonly input?: string
  readonly resume?: string
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
    .argument('[file]', 'TypeScript or JavaScript; - reads it from the standard input')
  withCallerOption(command)
    .option('--input <json>', 'what the script finds as `input`')
    .option('--dry-run', 'call only what reads, and print the other calls instead of making them')
    .addOption(
      new Option(
        '--check <level>',
        'the type check before the run (default: that of the configuration)',
      ).choices(['error', 'warn', 'off']),
    )
    .option('--resume <run>', 'go on with a suspended run instead of running a file')
    .option('--json', 'print { value | error | plan, logs, calls, usage } as JSON')
  describeVerb(command, {
    notes: `In the script, \`await tools.<server>.<tool>({...})\` calls a tool and \`return\` gives the result.
What it logs with \`console\` goes to the error output.`,
    examples: [
      ['isogate run report.ts', 'run a script'],
      ['isogate run tidy-up.ts --dry-run', 'see what it would change'],
      ['echo \'return await tools.everything.echo({ message: "hi" })\' | isogate run -', 'from a pipe'],
      ['isogate run report.ts --json | jq .usage', 'with the calls that it made and what it used'],
    ],
  }).action(act(host, (file: string | undefined, options: RunOptions) => run(host.ports, file, options)))
}

async function run(ports: CliPorts, file: string | undefined, options: RunOptions): Promise<ExitCode> {
  const { tool, args } = await toCall(ports, file, options)
  const id = ports.newId()
  const records: JournalRecord[] = []
  const journal = { write: (record: JournalRecord) => void (record.parent === id && records.push(record)) }
  return withGateway(ports, { ...options, journal }, async ({ gateway, principal, client }) => {
    noteDownServers(ports, gateway)
    const result = await during(
      ports,
      'Running the script',
      gateway.handler(
        Object.freeze({
          id,
          door: 'cli',
          principal,
          ...(client === undefined ? {} : { client }),
          tool: { server: 'code', name: tool },
          args,
          signal: ports.interrupted,
        }),
      ),
    )
    if (options.json === true) ports.stdout.write(`${toJsonText(toReport(result, records), ports.stdout)}\n`)
    else printRun(ports, result)
    return result.isError === true ? 1 : 0
  })
}

async function toCall(
  ports: CliPorts,
  file: string | undefined,
  { resume, input, dryRun, check }: RunOptions,
): Promise<{ tool: string; args: JsonObject }> {
  if (resume !== undefined) {
    if (file !== undefined) throw new UsageError('A run is resumed, or a file is run; not both.')
    return { tool: 'run_script', args: { resume } }
  }
  if (file === undefined) throw new UsageError('Which script? Name a file, or - for the standard input.')
  return {
    tool: 'run_script',
    args: {
      code: await readScript(ports, file),
      ...(input === undefined ? {} : { input: parseInput(input) }),
      ...(dryRun === true ? { dryRun } : {}),
      ...(check === undefined ? {} : { check }),
    },
  }
}

function parseInput(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch (error) {
    throw new UsageError(`--input is no JSON: ${(error as Error).message}`)
  }
}

async function readScript(ports: CliPorts, file: string): Promise<string> {
  if (file === '-') return ports.readStdin()
  return readTextFile(ports, file, MAX_SCRIPT_BYTES)
}

/** Texts of a result that are about the run and not what it gave. */
const NOTES: ReadonlySet<string> = new Set(['unawaited', 'remarks', 'cut'])

/** A run's result, read by what it says its texts are. */
interface RunTexts {
  readonly kind: string
  readonly main: string
  readonly logs?: string
  readonly notes: readonly string[]
  readonly meta: JsonObject
}

function readRun({ content, _meta }: Result): RunTexts {
  const told = _meta?.['isogate/run']
  const meta = isJsonObject(told) ? told : {}
  const parts = Array.isArray(meta['parts']) ? meta['parts'] : []
  const texts = content.map(({ text }) => (typeof text === 'string' ? text : ''))
  const logs = texts[parts.indexOf('logs')]?.slice('Logs:\n'.length)
  const notes = texts.filter((_, index) => NOTES.has(String(parts[index])))
  return {
    kind: String(parts[0]),
    main: texts[0] ?? '',
    ...(logs === undefined ? {} : { logs }),
    notes,
    meta,
  }
}

/** What the script returned: a text as it is, anything else from its JSON; absent where it returned nothing. */
function valueOf({ kind, main }: RunTexts): Json | undefined {
  if (kind === 'json') return JSON.parse(main) as Json
  return kind === 'text' ? main : undefined
}

function printRun({ stdout, stderr }: CliPorts, result: Result): void {
  const texts = readRun(result)
  const style = createStyle(stderr)
  if (texts.logs !== undefined) stderr.write(`${style.dim(toOutput(texts.logs, stderr))}\n`)
  for (const note of texts.notes) stderr.write(`${style.warn(toPrintable(note))}\n`)
  if (result.isError === true || texts.kind === 'nothing') {
    stderr.write(`${result.isError === true ? 'isogate: ' : ''}${toPrintable(texts.main)}\n`)
    return
  }
  // A person reads it better over several lines; a program gets what the script returned, byte for byte.
  const isPretty = stdout.isTerminal && texts.kind === 'json'
  stdout.write(`${isPretty ? toJsonText(valueOf(texts) ?? null, stdout) : toOutput(texts.main, stdout)}\n`)
}

function toReport(result: Result, records: readonly JournalRecord[]): object {
  const texts = readRun(result)
  const { usage, failure, plan, suspended, id, savings } = texts.meta
  const value = valueOf(texts)
  return {
    ...(result.isError === true
      ? { error: isJsonObject(failure) ? failure : { code: 'script_error', message: texts.main } }
      : value === undefined || plan !== undefined
        ? {}
        : { value }),
    ...(plan === undefined ? {} : { plan }),
    ...(suspended === undefined ? {} : { suspended, run: id }),
    logs: texts.logs?.split('\n') ?? [],
    ...(texts.notes.length === 0 ? {} : { notes: texts.notes }),
    calls: records.map(({ tool, outcome, durationMs, code: refusal }) => ({
      tool,
      outcome,
      durationMs: Math.round(durationMs * 10) / 10,
      ...(refusal === undefined ? {} : { code: refusal }),
    })),
    ...(usage === undefined ? {} : { usage }),
    ...(savings === undefined ? {} : { savings }),
  }
}
