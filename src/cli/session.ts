import { compileConfig, type Plan } from '../config/compile.ts'
import { loadConfig } from '../config/load.ts'
import type { CallClient } from '../core/client.ts'
import type { Journal } from '../core/ports.ts'
import type { Principal } from '../core/principal.ts'
import { toolKey, type ToolSpec } from '../core/tool.ts'
import type { Gateway } from '../gateway/gateway.ts'
import { createLog } from '../telemetry/log.ts'
import { orInterrupted } from './interrupt.ts'
import { toLine } from './output/printable.ts'
import { startProgress } from './output/progress.ts'
import { createStyle } from './output/style.ts'
import { countOf } from './output/words.ts'
import type { CliPorts, OpenedGateway } from './ports.ts'
import { createTerminalClient } from './asking.ts'
import type { CallerOptions } from './verb.ts'

/** Who calls from a command line. */
export const CLI_PRINCIPAL: Principal = Object.freeze({ id: 'cli', kind: 'local' })

/** A gateway that lives as long as one verb. */
export interface Session {
  readonly plan: Plan
  readonly gateway: OpenedGateway
  /** Who calls. */
  readonly principal: Principal
  /** The person at the terminal, where there is one. */
  readonly client?: CallClient
  /** True for a tool that the person at the command line may see. */
  readonly isVisible: (spec: ToolSpec) => boolean
}

/** A configuration, ready to be served. */
export interface LoadedPlan {
  readonly plan: Plan
  /** The file, as an absolute path. */
  readonly path: string
}

/**
 * Loads and compiles the configuration.
 *
 * @throws GatewayError `config_not_found`, `config_invalid`
 */
export async function loadPlan(
  { env, cwd, readFile }: CliPorts,
  file: string | undefined,
): Promise<LoadedPlan> {
  const loaded = await loadConfig({ env, cwd, readFile, ...(file === undefined ? {} : { path: file }) })
  return { plan: compileConfig(loaded.config, loaded.baseDir), path: loaded.path }
}

/** Opens a gateway, waits until each server has been tried, does the work and closes the gateway, whatever happens. */
export async function withGateway<T>(
  ports: CliPorts,
  options: CallerOptions & { readonly journal?: Journal },
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const { plan } = await loadPlan(ports, options.config)
  // What the log would say is either part of the answer or not asked for.
  const log = createLog(options.logLevel ?? 'silent', ports.stderr.isTerminal)
  const { journal } = options
  const gateway = await ports.openGateway(plan, log, {
    isShortLived: true,
    ...(journal === undefined ? {} : { journal }),
  })
  try {
    await during(ports, `Starting ${countOf(plan.servers.length, 'server')}`, gateway.settled())
    const principal = options.as === undefined ? CLI_PRINCIPAL : await gateway.principalOf(options.as)
    const client = createTerminalClient(ports)
    return await work({
      plan,
      gateway,
      principal,
      ...(client === undefined ? {} : { client }),
      isVisible: ({ ref }) => isVisible(gateway, principal, ref),
    })
  } finally {
    await gateway.close()
  }
}

function isVisible(gateway: Gateway, principal: Principal, ref: ToolSpec['ref']): boolean {
  return (
    gateway.snapshot().catalog.get(toolKey(ref)) !== undefined && gateway.isVisible(principal, 'cli', ref)
  )
}

/** Waits for something, and shows that. @throws the reason of the interruption where that comes first */
export async function during<T>(
  ports: CliPorts,
  text: string,
  work: Promise<T> | ((say: (text: string) => void) => Promise<T>),
): Promise<T> {
  const progress = startProgress(ports, text)
  try {
    return await orInterrupted(typeof work === 'function' ? work(progress.say) : work, ports.interrupted)
  } finally {
    progress.stop()
  }
}

/** Tells on the error output which servers are missing from an answer, with the reasons. */
export function noteDownServers({ stderr }: CliPorts, gateway: Gateway): void {
  for (const { server, status } of gateway.servers()) {
    if (status.state !== 'down') continue
    stderr.write(createStyle(stderr).warn(`${server} is down: ${toLine(status.reason, 300)}`) + '\n')
  }
}
