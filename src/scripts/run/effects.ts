import { createHash, hash as hashOf } from 'node:crypto'

import type { PlannedEffect } from '../../core/approval.ts'
import { canonicalJson, type JsonObject } from '../../core/json.ts'
import type { MadeCall } from './calls/made-calls.ts'

/** What a script would do: the calls that a dry run did not really make. */
export interface Plan {
  readonly effects: readonly Effect[]
  /** Of the code and the effects: an approval of this hash is one of exactly these calls. */
  readonly hash: string
}

/** One call that would change something. */
export type Effect = Readonly<{ tool: string; args: JsonObject }>

/**
 * The plan of a dry run: its effects in the order in which the script made the calls. The hash is over them in the order of
 * their keys, which does not depend on how fast tools answer.
 */
export function planOf(code: string, made: readonly MadeCall[]): Plan {
  const simulated = made.filter(({ outcome }) => outcome === 'simulated')
  const sorted = simulated.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
  const hash = createHash('sha256')
    .update(canonicalJson({ code, effects: sorted.map(toEffect) }))
    .digest('hex')
  return { effects: simulated.map(toEffect), hash: `sha256:${hash}` }
}

/** The calls of a dry run that would need an approval, in the order of the plan. */
export function toAskedEffects(made: readonly MadeCall[]): readonly PlannedEffect[] {
  return made.flatMap(({ tool, args, outcome, asks }) =>
    outcome === 'simulated' && asks !== undefined
      ? [{ tool, args, hash: asks.hash, binding: asks.binding }]
      : [],
  )
}

/** SHA-256 of the source of a script, hexadecimal. */
export function codeHashOf(code: string): string {
  return hashOf('sha256', code, 'hex')
}

function toEffect({ tool, args }: MadeCall): Effect {
  return { tool, args }
}
