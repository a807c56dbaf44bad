import type { Gateway, ServerReport } from '../../gateway/gateway.ts'
import { orInterrupted } from '../interrupt.ts'
import type { CliPorts } from '../ports.ts'
import { toLine } from './printable.ts'
import { startProgress } from './progress.ts'
import { createStyle, type Style } from './style.ts'
import { countOf } from './words.ts'

/** The gateway tells when tools change, but not when a server is found dead: so it is looked at. */
const LOOK_EVERY_MS = 100
const MAX_REASON = 400

/** Prints each server as soon as it is ready or known to be down; returns when all are, or when it is interrupted. */
export async function showServersStarting(
  ports: CliPorts,
  gateway: Gateway,
  disabled: readonly string[],
): Promise<void> {
  const { stdout, interrupted } = ports
  const style = createStyle(stdout)
  const total = gateway.servers().length
  if (total === 0) {
    stdout.write(`No server is configured. Add one to the configuration, or run \`isogate import\`.\n`)
    return
  }
  const width = Math.max(...gateway.servers().map(({ server }) => server.length))
  const shown = new Set<string>()
  const progress = startProgress(ports, `Starting ${countOf(total, 'server')}`)
  const look = (): void => {
    for (const report of gateway.servers()) {
      if (report.status.state === 'starting' || shown.has(report.server)) continue
      shown.add(report.server)
      stdout.write(`${serverLine(report, width, style)}\n`)
    }
    const left = gateway.servers().filter(({ server }) => !shown.has(server))
    if (left.length > 0) progress.say(`Waiting for ${left.map(({ server }) => server).join(', ')}`)
  }
  const timer = setInterval(look, LOOK_EVERY_MS)
  try {
    await orInterrupted(gateway.settled(), interrupted)
    look()
  } catch (thrown) {
    if (!interrupted.aborted) throw thrown
    return
  } finally {
    clearInterval(timer)
    progress.stop()
  }
  for (const name of disabled) stdout.write(style.dim(`- ${name.padEnd(width)}  disabled\n`))
  const ready = gateway.servers().filter(({ status }) => status.state === 'ready').length
  stdout.write(`\nServing ${ready} of ${countOf(total, 'server')}. Ctrl-C stops.\n`)
}

/** One server with its state, on one line, and a line for each tool that it announced and that cannot be used. */
function serverLine(
  { server, status, tools, quarantined }: ServerReport,
  width: number,
  style: Style,
): string {
  const name = server.padEnd(width)
  if (status.state === 'down') return `${style.bad('✗')} ${name}  down: ${toLine(status.reason, MAX_REASON)}`
  const set = quarantined.length === 0 ? '' : style.warn(`, ${quarantined.length} set aside`)
  return `${style.good('✓')} ${name}  ${countOf(tools, 'tool')}${set}`
}
