import { createLog } from '../../telemetry/log.ts'
import { countOf } from '../output/words.ts'
import type { CliPorts } from '../ports.ts'
import { during, loadPlan } from '../session.ts'
import type { ConfigOptions } from '../verb.ts'
import type { ScriptSession } from './desk.ts'

/** Opens a gateway, waits until each server has been tried, does the work and closes the gateway, whatever happens. */
export async function withDesk<T>(
  ports: CliPorts,
  options: ConfigOptions,
  work: (session: ScriptSession) => Promise<T>,
): Promise<T> {
  const { plan } = await loadPlan(ports, options.config)
  const log = createLog(options.logLevel ?? 'silent', ports.stderr.isTerminal)
  const { gateway, desk } = await ports.openScripts(plan, log)
  try {
    await during(ports, `Starting ${countOf(plan.servers.length, 'server')}`, gateway.settled())
    return await work({ plan, gateway, desk })
  } finally {
    await gateway.close()
  }
}
