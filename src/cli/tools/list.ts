import type { Command } from 'commander'

import { firstSentence } from '../../catalog/stubs/text.ts'
import type { ToolSpec } from '../../core/tool.ts'
import type { ServerReport } from '../../gateway/gateway.ts'
import { toJsonText, toLine } from '../output/printable.ts'
import { createStyle, type Style } from '../output/style.ts'
import { countOf } from '../output/words.ts'
import type { CliPorts, ExitCode } from '../ports.ts'
import { withGateway, type Session } from '../session.ts'
import { act, describeVerb, withCallerOption, type CallerOptions, type VerbHost } from '../verb.ts'

interface ListOptions extends CallerOptions {
  readonly json?: boolean
}

const MAX_NAME = 40
const MAX_REASON = 400
const MIN_SENTENCE = 24
const MAX_SENTENCE = 160

/** Adds `isogate tools ls`. */
export function addList(tools: Command, host: VerbHost): void {
  const command = tools
    .command('ls')
    .alias('list')
    .summary('all servers and their tools')
    .description(
      'Lists the tools of each server. A server that is down and a tool that is set aside show the reason.',
    )
  describeVerb(withCallerOption(command).option('--json', 'print { servers, disabled } as JSON'), {
    examples: [
      ['isogate tools ls', 'by server'],
      ["isogate tools ls --json | jq -r '.servers[].tools[].key'", 'the names only'],
    ],
  }).action(act(host, (options: ListOptions) => list(host.ports, options)))
}

function list(ports: CliPorts, options: ListOptions): Promise<ExitCode> {
  return withGateway<ExitCode>(ports, options, async (session) => {
    const { stdout } = ports
    stdout.write(
      `${options.json === true ? toJsonText(toReport(session), stdout) : describe(session, ports)}\n`,
    )
    return 0
  })
}

function toolsByServer({ gateway, principal }: Session): ReadonlyMap<string, readonly ToolSpec[]> {
  return Map.groupBy(gateway.visibleTools(principal, 'cli'), ({ ref }) => ref.server)
}

function toReport(session: Session): object {
  const { gateway, plan } = session
  const { names } = gateway.snapshot().catalog
  const tools = toolsByServer(session)
  return {
    servers: gateway.servers().map(({ server, status, quarantined }) => ({
      server,
      ...status,
      tools: (tools.get(server) ?? []).map((spec) => ({
        key: `${server}.${spec.ref.name}`,
        exposed: names.of(spec.ref)?.exposed,
        path: names.of(spec.ref)?.path,
        definition: spec.definition,
      })),
      quarantined: quarantined.map(({ name, reason }) => ({ name, reason })),
    })),
    disabled: plan.disabledServers,
  }
}

function describe(session: Session, { stdout }: CliPorts): string {
  const style = createStyle(stdout)
  const tools = toolsByServer(session)
  const room = stdout.isTerminal ? stdout.columns : Infinity
  const blocks = session.gateway
    .servers()
    .map((report) => describeServer(report, tools.get(report.server) ?? [], room, style))
  const { disabledServers } = session.plan
  if (disabledServers.length > 0) blocks.push(style.dim(`Disabled: ${disabledServers.join(', ')}`))
  if (blocks.length === 0) return 'No server is configured.'
  return blocks.join('\n\n')
}

function describeServer(
  { server, status, quarantined }: ServerReport,
  tools: readonly ToolSpec[],
  room: number,
  style: Style,
): string {
  const name = style.bold(server)
  if (status.state === 'down') return `${name}  ${style.bad('down')}: ${toLine(status.reason, MAX_REASON)}`
  const width = Math.min(MAX_NAME, Math.max(0, ...tools.map(({ ref }) => ref.name.length)))
  const sentenceRoom = Math.min(MAX_SENTENCE, Math.max(MIN_SENTENCE, room - width - 5))
  const lines = tools.map(({ ref, description, title }) => {
    const sentence = firstSentence(description ?? title ?? '', sentenceRoom)
    return `  ${toLine(ref.name, 128).padEnd(width)}  ${style.dim(sentence)}`.trimEnd()
  })
  const aside = quarantined.map(
    (tool) => `  ${style.warn('set aside')} ${toLine(tool.name, 128)}: ${toLine(tool.reason, MAX_REASON)}`,
  )
  return [`${name}  ${countOf(tools.length, 'tool')}`, ...lines, ...aside].join('\n')
}
