import { ERRORS } from '../../../core/error-table.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts'
import type { ScriptCallError, ScriptCallOutcome } from '../../../core/run.ts'
import type { KnownEffect } from '../suspended/kept-run.ts'
import type { BegunCall } from './made-calls.ts'

/** What a call is answered with that an earlier leg has begun: it is not made again. */
export function toEarlierOutcome(known: KnownEffect, tool: string, begun: BegunCall): ScriptCallOutcome {
  const outcome = known.kind === 'ended' ? readOutcome(known.outcome) : undefined
  if (outcome !== undefined) {
    begun.answered({ content: [], isError: !outcome.ok })
    return outcome
  }
  if (known.kind === 'other') {
    begun.refused()
    return { ok: false, error: errorOf('replay_diverged', `An earlier leg made another call than ${tool}.`) }
  }
  begun.lost()
  return {
    ok: false,
    error: errorOf('effect_unknown', `${tool} was begun in an earlier leg of the run that was cut off.`),
  }
}

function errorOf(code: 'replay_diverged' | 'effect_unknown', message: string): ScriptCallError {
  const { remedy, retryable } = ERRORS[code]
  return { code, message: `${message} ${remedy}`, retryable }
}

/** What the store holds is what was written; a member that is missing all the same makes it worth nothing. */
function readOutcome(kept: Json): Exclude<ScriptCallOutcome, { readonly suspended: true }> | undefined {
  if (!isJsonObject(kept)) return undefined
  const { ok, value, error } = kept
  if (ok === true) return { ok, value: value ?? null }
  if (ok !== false || !isJsonObject(error)) return undefined
  const { code, message, retryable, detail } = error
  if (typeof code !== 'string' || typeof message !== 'string') return undefined
  const known: JsonObject | undefined = isJsonObject(detail) ? detail : undefined
  const read = { code, message, retryable: retryable === true }
  return { ok, error: known === undefined ? read : { ...read, detail: known } }
}
