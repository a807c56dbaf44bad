import { createHash } from 'node:crypto'

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

function toEffect({ tool, args }: MadeCall): Effect {
  return { tool, args }
}
