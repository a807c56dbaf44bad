import { basename, resolve } from 'node:path'

import { Option, type Command } from 'commander'

import { findClientConfigs } from '../config/import/import.ts'
import { renderImport, type ImportChange } from '../config/import/render.ts'
import type { ClientName, FoundConfig, ImportedServer } from '../config/import/source.ts'
import { CONFIG_FILE_NAMES } from '../config/load.ts'
import { GatewayError } from '../core/errors.ts'
import { toLine } from './output/printable.ts'
import { createStyle, type Style } from './output/style.ts'
import { countOf, shortPath } from './output/words.ts'
import type { CliPorts, ExitCode } from './ports.ts'
import { act, describeVerb, type CommonOptions, type VerbHost } from './verb.ts'

interface ImportOptions extends CommonOptions {
  readonly write?: boolean
  readonly client?: ClientName
  readonly config?: string
}

const CLIENTS: readonly ClientName[] = [
  'claude-code',
  'claude-desktop',
  'cursor',
  'vscode',
  'codex',
  'gemini',
]
const MAX_CONFIG_BYTES = 1024 * 1024

/** Programs that fetch and start a package: their first plain argument is its name, and never a secret. */
const PACKAGE_RUNNERS = ['npx', 'bunx', 'uvx']

/** Adds `isogate import`. */
export function addImport(program: Command, host: VerbHost): void {
  const command = program
    .command('import')
    .summary('take over the servers of your MCP clients')
    .description('Shows which servers your MCP clients have, and takes them over into the configuration.')
    .option('-w, --write', 'write them; without it they are only shown')
    .addOption(new Option('--client <name>', 'look at this client only').choices(CLIENTS))
    .option('-c, --config <file>', 'configuration to add them to (default: isogate.yaml in this folder)')
  describeVerb(command, {
    notes: `The files of the clients are only read. A server that the configuration has already is kept as it is.
What stands in a client's file comes along, secrets too: notes say where a reference would be better.`,
    examples: [
      ['isogate import', 'show what would be taken'],
      ['isogate import --client cursor --write', 'take over the servers of Cursor'],
    ],
  }).action(act(host, (options: ImportOptions) => importServers(host.ports, options)))
}

async function importServers(ports: CliPorts, options: ImportOptions): Promise<ExitCode> {
  const { stdout } = ports
  const all = await findClientConfigs(ports)
  const found = all.filter(({ client }) => options.client === undefined || client === options.client)
  const file = resolve(ports.cwd, options.config ?? (await defaultFile(ports)))
  const before = await readExisting(ports, file)
  const { text, changes } = renderImport(found, before)
  const style = createStyle(stdout)
  const name = shortPath(file, ports.cwd)
  if (found.length === 0) {
    stdout.write(`No servers were found in the files of ${options.client ?? 'any client'}.\n`)
    return 0
  }
  for (const config of found) stdout.write(`${describeClient(config, changes, style, ports)}\n\n`)
  const added = changes.filter(({ action }) => action === 'added').length
  if (added === 0) {
    stdout.write(`Nothing to add to ${name}.\n`)
  } else if (options.write !== true) {
    stdout.write(
      `${countOf(added, 'server')} would be added to ${name}. Nothing was written; --write does it.\n`,
    )
  } else {
    const written = await ports.writeFile(file, text, { isPrivate: true })
    if (written.kind !== 'written')
      throw new GatewayError(
        'file_unwritable',
        `${name} cannot be written${written.kind === 'failed' ? `: ${written.reason}` : ''}.`,
      )
    stdout.write(`${countOf(added, 'server')} added to ${name}. Check it with \`isogate validate\`.\n`)
  }
  return 0
}

/** The configuration that the other verbs would use, so that an import does not hide it behind a new file. */
async function defaultFile({ cwd, readFile }: CliPorts): Promise<string> {
  for (const name of CONFIG_FILE_NAMES) {
    if ((await readFile(resolve(cwd, name), MAX_CONFIG_BYTES)).kind !== 'missing') return name
  }
  return CONFIG_FILE_NAMES[0]
}

async function readExisting({ readFile }: CliPorts, file: string): Promise<string | undefined> {
  const read = await readFile(file, MAX_CONFIG_BYTES)
  if (read.kind === 'failed')
    throw new GatewayError('file_unreadable', `${file} cannot be read: ${read.reason}.`)
  return read.kind === 'text' ? read.text : undefined
}

function describeClient(
  { client, path, servers, notes }: FoundConfig,
  changes: readonly ImportChange[],
  style: Style,
  { cwd }: CliPorts,
): string {
  const file = shortPath(path, cwd)
  const width = Math.max(0, ...servers.map(({ name }) => name.length))
  const mine = changes.filter((change) => change.client === client && change.path === path)
  const lines = servers.map((server, index) => {
    const change = mine[index]
    const mark =
      change?.action === 'added' ? style.good('+') : change?.action === 'conflict' ? style.warn('!') : '='
    const said = change === undefined || change.action === 'added' ? '' : style.dim(`  ${change.message}`)
    return `  ${mark} ${server.name.padEnd(width)}  ${toLine(sourceOf(server), 80)}${said}`
  })
  const remarks = notes.map(
    (note) => `  ${style.warn('note:')} ${toLine(`${file}:${note.line} ${note.path} ${note.message}`, 300)}`,
  )
  return [`${style.bold(client)}  ${style.dim(toLine(path, 300))}`, ...lines, ...remarks].join('\n')
}

/** Where a server comes from, without the arguments, paths and queries in which people keep secrets. */
function sourceOf({ entry }: ImportedServer): string {
  const { command, args, url } = entry
  if (typeof url === 'string') return URL.canParse(url) ? new URL(url).origin : 'an address'
  if (typeof command !== 'string') return ''
  const words = Array.isArray(args) ? args.map(String) : []
  const isRunner = PACKAGE_RUNNERS.includes(basename(command))
  const packageName = isRunner ? words.find((word) => !word.startsWith('-')) : undefined
  if (packageName !== undefined) return `${command} ${packageName}`
  return words.length === 0 ? command : `${command} (${countOf(words.length, 'argument')})`
}
