import type { JsonObject } from './json.ts'
import type { Principal } from './principal.ts'

/** A script that is to be saved. */
export interface ScriptDraft {
  readonly name: string
  readonly code: string
  readonly title?: string
  readonly description: string
  /** Absent: it is inferred from the examples. */
  readonly input?: JsonObject
  readonly output?: JsonObject
  /** Inputs with which the script is run for real, and recorded. */
  readonly examples: readonly JsonObject[]
  /** True: one of the same name is replaced. */
  readonly isForced: boolean
}

/** What became of it. */
export interface SavedReport {
  readonly name: string
  readonly paths: readonly string[]
  /** How a script calls it. */
  readonly signature: string
  readonly uses: readonly string[]
  readonly examples: number
  /** Why an example was not kept. */
  readonly remarks: readonly string[]
}

/** How one saved script is. */
export interface ScriptReport {
  readonly name: string
  /** `unusable`: its files are not in order. `waiting`: a server does not answer, so nobody can tell. */
  readonly state: 'fits' | 'broken' | 'waiting' | 'unusable'
  readonly description: string
  readonly uses: readonly string[]
  /** What is wrong, a line each. */
  readonly reasons: readonly string[]
  /** Tools that have changed since the lock was written, although nothing is wrong. */
  readonly behind: readonly string[]
  readonly waitingFor: readonly string[]
  /** Recorded runs. */
  readonly examples: number
}

/** What a check found. */
export interface ScriptsCheck {
  readonly scripts: readonly ScriptReport[]
  /** What is wrong with the folder or the lock as a whole. */
  readonly problems: readonly string[]
  /** Tools that seem to have been renamed, with the names that they seem to have now. */
  readonly renames: Readonly<Record<string, string>>
  /** The lock was written. */
  readonly isUpdated: boolean
}

/** For the one who keeps the scripts. Whoever has it runs scripts as the given principal, under the rules. */
export interface ScriptDesk {
  readonly list: () => Promise<Pick<ScriptsCheck, 'scripts' | 'problems'>>
  /**
   * Checks types, plays all recorded runs, and compares the tools with the lock. A name that is not there is an `unusable` one.
   *
   * @param update Write the lock as things are now, aliases for renames included.
   */
  readonly check: (
    principal: Principal,
    options: { readonly name?: string; readonly update?: boolean; readonly signal: AbortSignal },
  ) => Promise<ScriptsCheck>
  /** @throws GatewayError `file_exists`, `script_check`, `invalid_arguments`, or why an example failed */
  readonly save: (principal: Principal, draft: ScriptDraft, signal: AbortSignal) => Promise<SavedReport>
}
