import type { Plan } from '../../config/compile.ts'
import type { JsonObject } from '../../core/json.ts'
import type { Principal } from '../../core/principal.ts'
import type { Gateway } from '../../gateway/gateway.ts'
import type { Log } from '../../telemetry/log.ts'

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
