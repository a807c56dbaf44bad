import type { Json, JsonObject } from './json.ts'

/** `used`: its one call was let through. `expired`: nobody decided in time, which means no. */
export type ApprovalState = 'pending' | 'approved' | 'denied' | 'expired' | 'used'

/** What an approval lets through: the one call; the tool for the rest of the run; the calls of a plan. */
export type GrantScope = 'call' | 'run' | 'plan'

/** What is asked: a call that waits, or the plan of a dry run. */
export type ApprovalSubject =
  | {
      readonly kind: 'call'
      /** `server.tool`. */
      readonly tool: string
      readonly args: JsonObject
      /** SHA-256 of the canonical JSON of tool, arguments and `binding`. */
      readonly hash: string
      /** Where a script makes the call: its run, the key of the call in it, the hash of its source, and what it has done so far. */
      readonly run?: {
        readonly id: string
        readonly key: string
        readonly codeHash: string
        /** Calls that have taken effect, a line each. */
        readonly done: readonly string[]
      }
    }
  | {
      readonly kind: 'plan'
      /** The hash that the dry run gave. */
      readonly hash: string
      readonly codeHash: string
      /** Calls that need an approval, one entry for each time that one is to be made. */
      readonly effects: readonly PlannedEffect[]
    }

/** One call of a plan. */
export interface PlannedEffect {
  /** `server.tool`. */
  readonly tool: string
  readonly args: JsonObject
  /** As that of a call, with the `binding` of this tool. */
  readonly hash: string
  /** Of this tool. */
  readonly binding: string
}

/** One question to a person and its answer. */
export interface Approval {
  /** `a_` and 20 characters that nobody can guess. */
  readonly id: string
  readonly state: ApprovalState
  /** The id of the principal for whom it is asked. */
  readonly owner: string
  readonly team?: string
  readonly subject: ApprovalSubject
  /**
   * SHA-256 over what stands behind the tool: the definition that the server gave and the way to the server. Another one makes the approval
   * worth nothing. Of a plan: over all its calls; what counts there is the one beside each call.
   */
  readonly binding: string
  /** The rule that asked. */
  readonly rule: string
  readonly createdAtMs: number
  readonly expiresAtMs: number
  /** Somebody else than the owner has to decide. */
  readonly fourEyes: boolean
  readonly decision?: {
    readonly by: string
    readonly via: 'elicitation' | 'resume' | 'cli' | 'rest' | 'webhook'
    readonly atMs: number
    readonly scope: GrantScope
    readonly reason?: string
    /**
     * Scope `plan`: beside exactly the calls of the plan, so many calls of tools of the plan that match the glob, with any arguments. The
     * binding has to be that of the tool in the plan.
     */
    readonly atMost?: Readonly<Record<string, number>>
  }
}

/** A call that is about to be made and that needs a grant. */
export interface GrantRequest {
  readonly owner: string
  readonly tool: string
  readonly hash: string
  readonly binding: string
  readonly run?: { readonly id: string; readonly key: string; readonly codeHash: string }
  readonly nowMs: number
}

/** What a query for approvals may be narrowed by. */
export interface ApprovalQuery {
  readonly owner?: string
  readonly state?: ApprovalState
  readonly run?: string
  /** At most so many, the newest first; 100 where it is absent, never more than 1,000. */
  readonly limit?: number
}

/** Approvals. What was written is on the disk when a promise resolves; of two who decide, or who take a grant, exactly one succeeds. */
export interface ApprovalStore {
  /** Writes one, unless one waits for the same owner, run and subject: then that one is given back. */
  readonly ask: (approval: Approval) => Promise<Approval>
  readonly load: (id: string) => Promise<Approval | undefined>
  readonly list: (query: ApprovalQuery) => Promise<readonly Approval[]>
  /** @returns false where it was decided already, or its time is over */
  readonly decide: (
    id: string,
    state: 'approved' | 'denied',
    decision: NonNullable<Approval['decision']>,
  ) => Promise<boolean>
  /**
   * Takes the grant for a call, before the call is made. One of scope `call` is used up by that; the use is remembered under the owner, the run
   * and the key, so that the same call of a replay finds `taken`.
   *
   * @returns the approval that lets it through; `denied` where somebody said no to this very call, or, for a call of a run, where its time
   *   went by without a word; nothing where nobody has said anything. The no to a call that no script makes holds until its time is over.
   */
  readonly take: (request: GrantRequest) => Promise<Approval | 'denied' | undefined>
  /** Marks those whose time is over, at most 100 at once. @returns them */
  readonly expire: (nowMs: number) => Promise<readonly Approval[]>
}

/** What became of a call of a run that may have had an effect. */
export interface EffectRecord {
  /** `server.tool`. */
  readonly tool: string
  readonly argumentsHash: string
  /** Absent: it was begun, and nobody knows how it ended. */
  readonly outcome?: Json
}

/**
 * Calls with effects that runs have made, written before they are made: a run that is played again after its process was killed
 * neither repeats them nor loses what they gave. Kept until the run has ended.
 */
export interface EffectStore {
  /** @returns what is known where the call was begun before; then it must not be made again */
  readonly begin: (
    owner: string,
    run: string,
    key: string,
    effect: EffectRecord,
  ) => Promise<EffectRecord | undefined>
  readonly end: (owner: string, run: string, key: string, outcome: Json) => Promise<void>
  /** It was refused before anything could happen: it may be made later. */
  readonly undo: (owner: string, run: string, key: string) => Promise<void>
  readonly forget: (owner: string, run: string) => Promise<void>
}

/** A hash over secrets too: it is compared, and never shown. */
export function withoutBinding({ binding: _binding, subject, ...approval }: Approval): object {
  if (subject.kind === 'call') return { ...approval, subject }
  const effects = subject.effects.map(({ tool, args }) => ({ tool, args }))
  return { ...approval, subject: { ...subject, effects } }
}
