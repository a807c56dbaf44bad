import type { Command } from 'commander'

import { GatewayError } from '../core/errors.ts'
import type { JsonObject } from '../core/json.ts'
import { nearest } from '../core/nearest.ts'
import { createLog } from '../telemetry/log.ts'
import { toJsonText, toLine, toOutput } from './output/printable.ts'
import { createStyle, type Style } from './output/style.ts'
import { countOf } from './output/words.ts'
import type { CliPorts, ExitCode, Inspection } from './ports.ts'
import { during, loadPlan } from './session.ts'
import { act, describeVerb, withConfigOption, type ConfigOptions, type VerbHost } from './verb.ts'

interface ListOptions extends ConfigOptions {
  readonly json?: boolean
}

type Server = Inspection['servers'][number]

const MAX_REASON = 400
/** The longest name of a tool that a line shows, characters. */
const MAX_NAME = 128

/** Adds `isogate servers` with its verbs. */
export function addServers(program: Command, host: VerbHost): void {
  const servers = program
    .command('servers')
    .summary('how the servers are, and what they write to their error output')
    .description('Looks at the configured servers.')
    .addHelpText('after', `\nEach verb starts the configured servers, waits for them and ends them.`)
  const list = servers
    .command('ls')
    .alias('list')
    .summary('all servers and how they are')
    .description('Lists the servers: state, revision of the protocol, tools, process, last failure.')
  describeVerb(withConfigOption(list).option('--json', 'print { servers, disabled } as JSON'), {
    examples: [
      ['isogate servers ls', 'one line each'],
      ['isogate servers ls --json | jq \'.servers[] | select(.state != "ready")\'', 'only what is down'],
    ],
  }).action(act(host, (options: ListOptions) => listServers(host.ports, options)))
  const logs = servers
    .command('logs')
    .argument('<name>', 'the server')
    .summary('what a server writes to its error output')
    .description('Starts the servers and prints what this one wrote to its error output, the last 64 KB.')
  describeVerb(withConfigOption(logs), {
    examples: [
      ['isogate servers logs files', 'what it wrote while it started'],
      ['isogate servers logs files > files.log', 'into a file'],
    ],
  }).action(act(host, (name: string, options: ConfigOptions) => showLogs(host.ports, name, options)))
}

function listServers(ports: CliPorts, options: ListOptions): Promise<ExitCode> {
  return withServers(ports, options, (servers, disabled) => {
    const { stdout } = ports
    const style = createStyle(stdout)
    const width = Math.max(0, ...servers.map(({ server }) => server.length))
    const lines = servers.flatMap((server) => [
      describeServer(server, width, style),
      ...describeSetAside(server, width, style),
    ])
    if (disabled.length > 0) lines.push(style.dim(`Disabled: ${disabled.join(', ')}`))
    if (lines.length === 0) lines.push('No server is configured.')
    const text =
      options.json === true
        ? toJsonText({ servers: servers.map(toReport), disabled }, stdout)
        : lines.join('\n')
    stdout.write(`${text}\n`)
    return 0
  })
}

function showLogs(ports: CliPorts, name: string, options: ConfigOptions): Promise<ExitCode> {
  return withServers(ports, options, (servers) => {
    const { stdout, stderr } = ports
    const found = servers.find(({ server }) => server === name)
    if (found === undefined) {
      const names = servers.map(({ server }) => server)
      const near = nearest(name, names)
      const hint = near.length === 0 ? '' : ` Nearest: ${near.join(', ')}.`
      throw new GatewayError('bad_request', `No enabled server has the name "${name.slice(0, 64)}".${hint}`)
    }
    if (found.errorOutput === undefined) {
      throw new GatewayError('bad_request', `"${name}" is not started by Isogate, so its output is not here.`)
    }
    const text = found.errorOutput()
    if (text === '') stderr.write(`${name} wrote nothing to its error output.\n`)
    else stdout.write(toOutput(text.endsWith('\n') ? text : `${text}\n`, stdout))
    return 0
  })
}

/** Starts the servers, waits until each was tried, does the work and ends them, whatever happens. */
async function withServers(
  ports: CliPorts,
  options: ConfigOptions,
  work: (servers: readonly Server[], disabled: readonly string[]) => ExitCode,
): Promise<ExitCode> {
  const { plan } = await loadPlan(ports, options.config)
  const log = createLog(options.logLevel ?? 'silent', ports.stderr.isTerminal)
  const { servers, close } = await ports.inspectServers(plan, log)
  try {
    const settled = Promise.all(servers.map((server) => server.settled()))
    await during(ports, `Starting ${countOf(servers.length, 'server')}`, settled)
    return work(servers, plan.disabledServers)
  } finally {
    await close()
  }
}

function toReport(server: Server): JsonObject {
  return {
    server: server.server,
    ...server.status(),
    tools: server.tools().length,
    setAside: server.quarantined().map(({ name, reason }) => ({ name, reason })),
    ...server.describe?.(),
  }
}

function describeServer(server: Server, width: number, style: Style): string {
  const status = server.status()
  const name = style.bold(server.server.padEnd(width))
  if (status.state === 'down') return `${name}  ${style.bad('down')}: ${toLine(status.reason, MAX_REASON)}`
  const { idle, era, protocolVersion, pid, connectedMs, lastReason } = server.describe?.() ?? {}
  const facts = [
    countOf(server.tools().length, 'tool'),
    idle === true ? 'stopped until it is called' : '',
    typeof era === 'string' ? `${era} ${toText(protocolVersion)}`.trim() : '',
    typeof pid === 'number' ? `pid ${pid}` : '',
    typeof connectedMs === 'number' ? `connected for ${Math.round(connectedMs / 1_000)} s` : '',
    typeof lastReason === 'string' ? `before that: ${toLine(lastReason, MAX_REASON)}` : '',
  ]
  return `${name}  ${style.good(status.state)}  ${facts.filter((fact) => fact !== '').join(', ')}`
}

/** What a server announced and nobody can use, one line each, with the reason. */
function describeSetAside(server: Server, width: number, style: Style): string[] {
  return server.quarantined().map(({ name, reason }) => {
    const what = `${toLine(name, MAX_NAME)}: ${toLine(reason, MAX_REASON)}`
    return `${' '.repeat(width)}  ${style.warn('set aside')}  ${what}`
  })
}

/** A text of the server itself. */
function toText(value: unknown): string {
  return typeof value === 'string' ? toLine(value, 40) : ''
}
