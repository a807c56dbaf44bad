import { hash } from 'node:crypto'

import type { EffectRecord, EffectStore } from '../../../core/approval.ts'
import { GatewayError } from '../../../core/errors.ts'
import { canonicalJson, type Json, type JsonObject } from '../../../core/json.ts'
import type { Clock } from '../../../core/ports.ts'
import type { RunRecord, ScriptCallOutcome } from '../../../core/run.ts'
import type { NewRun, RunClaim, RunStore } from '../../../core/store.ts'
import type { MadeCall } from '../calls/made-calls.ts'
import { CLAIM_MS, holdClaim, type HeldClaim } from './held-claim.ts'

/** A call that may have an effect. */
export interface RunEffect {
  readonly key: string
  /** `server.tool`. */
  readonly tool: string
  readonly args: JsonObject
}

/** What a run has seen and done at one moment. */
export interface RunSight {
  readonly record: RunRecord
  /** The calls of all its legs. */
  readonly made: readonly MadeCall[]
}

/** What a leg knows of a call from a leg that was cut off. */
export type KnownEffect =
  /** Nobody knows how it ended; it may have had its effect. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'ended'; readonly outcome: Json }
  /** Another call was made in its place. */
  | { readonly kind: 'other' }

/**
 * One leg of a run, and what is kept of it. From the moment in which the run has to wait for a person, and from the beginning of every
 * later leg, it is *kept*: its record is in the store, and each call that may have an effect is written down before it is made, with its
 * end before the script hears of it. So a leg that is cut off is played again, and no effect is repeated or lost. A leg that is not kept
 * costs nothing: nobody can play it again.
 */
export interface KeptRun {
  /** Aborted where the claim was lost. */
  readonly lost: AbortSignal
  /**
   * Called before a call with an effect is made.
   *
   * @returns what is known of it already: then it must not be made
   * @throws GatewayError as the store does: then nothing has been done, and nothing may be
   */
  readonly begin: (effect: RunEffect) => Promise<KnownEffect | undefined>
  /** How it ended. Never rejects: where it cannot be written, a later leg finds that nobody knows it. */
  readonly end: (key: string, outcome: ScriptCallOutcome) => Promise<void>
  /** It was not made, and may be made later. Never rejects. */
  readonly undo: (key: string) => Promise<void>
  /** Keeps the run from now on. @throws GatewayError as the store does; then the run goes on as it was */
  readonly keep: (look: () => RunSight) => Promise<void>
  /** Keeps what is to be resumed, and gives the run up. @throws GatewayError as the store does, `unknown_run` where it was lost */
  readonly suspend: (run: NewRun) => Promise<void>
  /** Nothing of it is kept any more. Never rejects. */
  readonly finish: () => Promise<void>
  /** It was cut off: what is kept of it stays, to be played again. Never rejects. */
  readonly release: () => Promise<void>
}

export interface KeptRunParts {
  readonly runs: RunStore
  readonly effects: EffectStore
  readonly clock: Clock
  readonly owner: string
  readonly id: string
  /** What is written of the run when it is kept. */
  readonly toRun: (sight: RunSight) => NewRun
}

type Attempt = { readonly held: HeldClaim } | { readonly failure: unknown }

/** @param claim of the run, where it is kept already */
export function createKeptRun(parts: KeptRunParts, claim?: RunClaim): KeptRun {
  const { runs, effects, clock, owner, id } = parts
  const lost = new AbortController()
  /** Calls with effects that are under way, and those of them that are in the store. */
  const open = new Map<string, RunEffect>()
  const written = new Set<string>()
  const hold = (held: RunClaim): Attempt => ({
    held: holdClaim(runs, held, clock, () =>
      lost.abort(new GatewayError('call_cancelled', 'The run was taken up by somebody else.')),
    ),
  })
  let attempt: Promise<Attempt> | undefined = claim === undefined ? undefined : Promise.resolve(hold(claim))

  const held = async (): Promise<HeldClaim | undefined> => {
    const made = await attempt
    return made !== undefined && 'held' in made ? made.held : undefined
  }

  const write = async ({ key, tool, args }: RunEffect): Promise<KnownEffect | undefined> => {
    written.add(key)
    let known: EffectRecord | undefined
    const effect = { tool, argumentsHash: hash('sha256', canonicalJson(args), 'hex') }
    try {
      known = await effects.begin(owner, id, key, effect)
      if (known === undefined) return undefined
    } catch (error) {
      forgetCall(key)
      throw error
    }
    // It is of another leg, and this one has nothing to say about it.
    forgetCall(key)
    return toKnown(known, effect)
  }
  const forgetCall = (key: string): void => {
    written.delete(key)
    open.delete(key)
  }

  const tryKeep = async (look: () => RunSight): Promise<Attempt> => {
    try {
      // Between two turns of the event loop every answer is either in the record, or its call is open.
      await new Promise((resolve) => setImmediate(resolve))
      const sight = copy(look())
      const begun = [...open.values()]
      for (const effect of begun) await write(effect)
      await runs.save(parts.toRun(sight))
      const own = await runs.claim(owner, id, clock.nowMs() + CLAIM_MS)
      if (own === undefined) throw new GatewayError('store_unusable', 'The run cannot be claimed.')
      return hold(own)
    } catch (failure) {
      written.clear()
      await effects.forget(owner, id).catch(() => {})
      return { failure }
    }
  }

  const close = async (key: string, way: () => Promise<void>): Promise<void> => {
    // What is being looked at must not change.
    if (attempt !== undefined) await attempt
    open.delete(key)
    if (written.has(key)) await way().catch(() => {})
  }

  return {
    lost: lost.signal,
    async begin(effect) {
      const { key } = effect
      open.set(key, effect)
      if ((await held()) === undefined || written.has(key)) return undefined
      return write(effect)
    },
    end: (key, outcome) => close(key, () => effects.end(owner, id, key, outcome as unknown as Json)),
    undo: (key) =>
      close(key, async () => {
        written.delete(key)
        await effects.undo(owner, id, key)
      }),
    async keep(look) {
      attempt ??= tryKeep(look)
      const own = attempt
      const made = await own
      if (!('failure' in made)) return
      if (attempt === own) attempt = undefined
      throw made.failure
    },
    async suspend(run) {
      const claimed = await held()
      if (claimed === undefined) {
        await runs.save(run)
        return
      }
      if (!(await claimed.update(run)))
        throw new GatewayError('unknown_run', 'The run was taken away while it went on.')
      // Its record has them all.
      await effects.forget(owner, id).catch(() => {})
    },
    async finish() {
      if ((await (await held())?.finish()) === true) await effects.forget(owner, id).catch(() => {})
    },
    async release() {
      await (await held())?.release()
    },
  }
}

function copy({ record, made }: RunSight): RunSight {
  return { record: { ...record, turns: [...record.turns] }, made: [...made] }
}

function toKnown(known: EffectRecord, made: EffectRecord): KnownEffect {
  if (known.tool !== made.tool || known.argumentsHash !== made.argumentsHash) return { kind: 'other' }
  return known.outcome === undefined ? { kind: 'unknown' } : { kind: 'ended', outcome: known.outcome }
}
