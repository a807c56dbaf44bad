import type { Command } from 'commander'

import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import { UsageError } from '../failure.ts'
import { toJsonText, toPrintable } from '../output/printable.ts'
import { createStyle } from '../output/style.ts'
import { countOf, shortPath } from '../output/words.ts'
import type { CliPorts, ExitCode } from '../ports.ts'
import { CLI_PRINCIPAL, during, noteDownServers } from '../session.ts'
import { act, describeVerb, withConfigOption, type ConfigOptions, type VerbHost } from '../verb.ts'
import type { SavedReport, ScriptDraft } from '../../core/saved-scripts.ts'
import { readTextFile } from '../text-file.ts'
import { withDesk } from './session.ts'

interface SaveOptions extends ConfigOptions {
  readonly file: string
  readonly title?: string
  readonly description?: string
  readonly inputSchema?: string
  readonly outputSchema?: string
  readonly example: readonly string[]
  readonly force?: boolean
  readonly json?: boolean
}

const MAX_FILE_BYTES = 256 * 1024

/** Adds `isogate scripts save`. */
export function addSave(scripts: Command, host: VerbHost): void {
  const command = scripts
    .command('save')
    .summary('make a tool of a script')
    .description('Checks a script, runs its examples for real, and writes it as the tool scripts.<name>.')
    .argument('<name>', 'a-z, 0-9 and _, beginning with a letter')
    .requiredOption('-f, --file <file>', 'the code; - reads it from the standard input')
    .option(
      '-d, --description <text>',
      'what it does, for a model (default: the comment that the code begins with)',
    )
    .option('--title <text>', 'a title, for people')
    .option('--input-schema <file>', 'JSON Schema of its input, an object (default: from the examples)')
    .option('--output-schema <file>', 'JSON Schema of its value (default: from the examples)')
    .option('-e, --example <json>', 'an input to run it with, for real; repeat it for more', collect, [])
    .option('--force', 'replace a saved script of this name')
  describeVerb(withConfigOption(command).option('--json', 'print what was written as JSON'), {
    notes: `The code is a function \`async (input) => ...\`, or statements that use \`input\` and \`return\` a value.
Each example calls its tools: with all that they change. What they answered is written to NAME.fixtures.json and
is the script's test from then on; look through it before you publish it, it holds data of your servers.
The script may call exactly the tools that its code names and its examples called. They stand under "uses" in NAME.json.
A gateway that is running has the tool when it next reads its configuration (a change of the file, or SIGHUP).`,
    examples: [
      [
        `isogate scripts save week -f week.ts -d "Hours of a week" -e '{"week": 12}'`,
        'schemas from an example',
      ],
      ['isogate scripts save week -f week.ts --input-schema week.schema.json', 'no run'],
      ['isogate scripts save week -f week.ts --force', 'the next version'],
    ],
  }).action(act(host, (name: string, options: SaveOptions) => save(host.ports, name, options)))
}

async function save(ports: CliPorts, name: string, options: SaveOptions): Promise<ExitCode> {
  const draft = await readDraft(ports, name, options)
  return withDesk<ExitCode>(ports, options, async ({ gateway, desk }) => {
    noteDownServers(ports, gateway)
    const work = desk.save(CLI_PRINCIPAL, draft, ports.interrupted)
    const saved = await during(ports, `Saving ${name}`, work)
    if (options.json === true) ports.stdout.write(`${toJsonText(saved, ports.stdout)}\n`)
    else ports.stdout.write(`${describeSaved(saved, ports)}\n`)
    return 0
  })
}

async function readDraft(ports: CliPorts, name: string, options: SaveOptions): Promise<ScriptDraft> {
  const code =
    options.file === '-' ? await ports.readStdin() : await readTextFile(ports, options.file, MAX_FILE_BYTES)
  const { title, inputSchema, outputSchema } = options
  const description = options.description ?? leadingComment(code)
  if (description === undefined)
    throw new UsageError('A description is missing: give --description, or begin the code with a comment.')
  const input = inputSchema === undefined ? undefined : await readSchema(ports, inputSchema)
  const output = outputSchema === undefined ? undefined : await readSchema(ports, outputSchema)
  if (input !== undefined && input['type'] !== 'object')
    throw new UsageError('The input schema must be one of an object: { "type": "object", ... }.')
  return {
    name,
    code,
    ...(title === undefined ? {} : { title }),
    description,
    ...(input === undefined ? {} : { input }),
    ...(output === undefined ? {} : { output }),
    examples: options.example.map((text) => parseObject(text, 'An example')),
    isForced: options.force === true,
  }
}

async function readSchema(ports: CliPorts, file: string): Promise<JsonObject> {
  return parseObject(await readTextFile(ports, file, MAX_FILE_BYTES), file)
}

function parseObject(text: string, what: string): JsonObject {
  let value: Json
  try {
    value = JSON.parse(text) as Json
  } catch (cause) {
    throw new UsageError(`${what} is not valid JSON: ${(cause as Error).message}.`)
  }
  if (!isJsonObject(value)) throw new UsageError(`${what} must be one JSON object: { "name": value }.`)
  return value
}

/** The comment before the code, without its marks. */
function leadingComment(code: string): string | undefined {
  const [, block] = /^\s*\/\*\*?([^]*?)\*\//.exec(code) ?? []
  const [lines] = /^\s*(?:\/\/[^\n]*\n?[ \t]*)+/.exec(code) ?? []
  const text = (block ?? lines ?? '')
    .split('\n')
    .map((line) => line.replace(/^\s*(?:\*|\/\/)?\s?/, '').trimEnd())
    .join('\n')
    .trim()
  return text === '' ? undefined : text.slice(0, 4_000)
}

function describeSaved(
  { name, paths, signature, uses, examples, remarks }: SavedReport,
  ports: CliPorts,
): string {
  const style = createStyle(ports.stdout)
  return [
    `${style.good('✓')} scripts.${name} is saved, with ${countOf(examples, 'recorded run')}.`,
    ...paths.map((path) => `  ${shortPath(path, ports.cwd)}`),
    `It may call ${uses.length === 0 ? 'no tool' : uses.map(toPrintable).join(', ')}.`,
    ...remarks.map((remark) => style.warn(toPrintable(remark))),
    '',
    'A script calls it as',
    `  ${toPrintable(signature)}`,
    'and from here it is called by',
    `  isogate scripts run ${name} --input '{...}'`,
  ].join('\n')
}

function collect(text: string, all: readonly string[]): readonly string[] {
  return [...all, text]
}
