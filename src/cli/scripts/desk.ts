import type { Plan } from '../../config/compile.ts'
import type { ScriptDesk } from '../../core/saved-scripts.ts'
import type { Gateway } from '../../gateway/gateway.ts'
import type { Log } from '../../telemetry/log.ts'

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
