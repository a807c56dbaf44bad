import type { Plan } from '../../config/compile.ts'
import { GatewayError } from '../../core/errors.ts'
import type { JsonObject } from '../../core/json.ts'
import type { Principal } from '../../core/principal.ts'
import type { Gateway } from '../../gateway/gateway.ts'
import { createLog, type Log } from '../../telemetry/log.ts'
import { countOf } from '../output/words.ts'
import type { CliPorts } from '../ports.ts'
import { during, loadPlan } from '../session.ts'
import type { ConfigOptions } from '../verb.ts'

/** How one saved script is. */
export interface ScriptReport {
  readonly name: string
  readonly state: 'fits' | 'broken' | 'waiting' | 'unusable'
  readonly description: string
  readonly uses: readonly string[]
  readonly reasons: readonly string[]
  readonly behind: readonly string[]
  readonly waitingFor: readonly string[]
  readonly examples: number
}

/** What a check found. */
export interface ScriptsCheck {
  readonly scripts: readonly ScriptReport[]
  readonly problems: readonly string[]
  readonly renames: Readonly<Record<string, string>>
  readonly isUpdated: boolean
}

/** A script that is to be saved. */
export interface ScriptDraft {
  readonly name: string
  readonly code: string
  readonly title?: string
  readonly description: string
  readonly input?: JsonObject
  readonly output?: JsonObject
  readonly examples: readonly JsonObject[]
  readonly isForced: boolean
}

/** What became of it. */
export interface SavedReport {
  readonly name: string
  readonly paths: readonly string[]
  readonly signature: string
  readonly uses: readonly string[]
  readonly examples: number
  readonly remarks: readonly string[]
}

/** The saved scripts of an open gateway, for the one who keeps them. */
export interface ScriptDesk {
  readonly list: () => Promise<Pick<ScriptsCheck, 'scripts' | 'problems'>>
  readonly check: (
    principal: Principal,
    options: { readonly name?: string; readonly update?: boolean; readonly signal: AbortSignal },
  ) => Promise<ScriptsCheck>
  readonly save: (principal: Principal, draft: ScriptDraft, signal: AbortSignal) => Promise<SavedReport>
}

/** A gateway with the desk of its saved scripts. Closed by closing the gateway. */
export interface ScriptSession {
  readonly plan: Plan
  readonly gateway: Gateway
  readonly desk: ScriptDesk
}

/** What these verbs need beside the ports of all verbs. */
export interface ScriptPorts {
  readonly openScripts: (plan: Plan, log: Log) => Promise<Omit<ScriptSession, 'plan'>>
}

/** Opens a gateway, waits until each server has been tried, does the work and closes the gateway, whatever happens. */
export async function withDesk<T>(
  ports: CliPorts,
  options: ConfigOptions,
  work: (session: ScriptSession) => Promise<T>,
): Promise<T> {
  const { openScripts } = ports as CliPorts & Partial<ScriptPorts>
  if (openScripts === undefined)
    throw new GatewayError('internal', 'This program was put together without saved scripts.')
  const { plan } = await loadPlan(ports, options.config)
  const log = createLog(options.logLevel ?? 'silent', ports.stderr.isTerminal)
  const { gateway, desk } = await openScripts(plan, log)
  try {
    await during(ports, `Starting ${countOf(plan.servers.length, 'server')}`, gateway.settled())
    return await work({ plan, gateway, desk })
  } finally {
    await gateway.close()
  }
}
