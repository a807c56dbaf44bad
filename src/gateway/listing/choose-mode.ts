import type { Mode, ShownMode } from '../../core/mode.ts'

/** All that the mode of a client depends on. */
export interface ModeFacts {
  /** Of the endpoint. */
  readonly configured: Mode
  /** What the client wishes for, where it may. */
  readonly wish: Mode | undefined
  /** What the credential says. */
  readonly credential: Mode | undefined
  /** What the operator says of clients with this name. */
  readonly operator: Mode | undefined
  /** Whether the client is known to run scripts or to defer definitions by itself. */
  readonly bringsItsOwn: boolean
  /** Whether the tool that makes a mode is there for the principal. */
  readonly can: Readonly<Record<'code' | 'search', boolean>>
  /** What the visible definitions cost. Asked only where it matters; exact up to `watchedTokens`. */
  readonly costTokens: () => number
  readonly thresholdTokens: number
  /** What the session was shown the last time, where there is a session. */
  readonly before: ShownMode | undefined
}

/** A mode, and what decided. */
export interface Choice {
  readonly mode: ShownMode
  readonly reason: 'wish' | 'credential' | 'configuration' | 'operator' | 'client' | 'cost'
}

/** How far beyond the threshold the cost has to be before a session is shown something else, as a part of the threshold. */
const MARGIN = 0.25

/** From here on it does not matter how much more the definitions cost. */
export function watchedTokens(thresholdTokens: number): number {
  return thresholdTokens * (1 + MARGIN)
}

/**
 * How tools are shown. A wish counts before the credential, that before the configuration of the endpoint, and of the first
 * two only what is there for the principal. Where `auto` comes of it: what the operator says of the client, then `classic`
 * for a client that brings its own code mode or search, so that two are never nested, then the cost.
 */
export function chooseMode(facts: ModeFacts): Choice {
  const wanted = wantedMode(facts)
  if (wanted.mode !== 'auto') return { mode: wanted.mode, reason: wanted.reason }
  const { operator, bringsItsOwn, can } = facts
  if (operator !== undefined && operator !== 'auto')
    return { mode: withinReach(operator, can), reason: 'operator' }
  if (operator === undefined && bringsItsOwn) return { mode: 'classic', reason: 'client' }
  return { mode: isTooMuch(facts) ? withinReach('code', can) : 'classic', reason: 'cost' }
}

/** What is asked for, before anything is chosen. */
export function wantedMode({
  configured,
  wish,
  credential,
  can,
}: Pick<ModeFacts, 'configured' | 'wish' | 'credential' | 'can'>): {
  readonly mode: Mode
  readonly reason: 'wish' | 'credential' | 'configuration'
} {
  const isThere = (mode: Mode): boolean => mode === 'auto' || mode === 'classic' || can[mode]
  if (wish !== undefined && isThere(wish)) return { mode: wish, reason: 'wish' }
  if (credential !== undefined && isThere(credential)) return { mode: credential, reason: 'credential' }
  return { mode: configured, reason: 'configuration' }
}

/** Scripts may be denied to a principal, and single calls too. */
function withinReach(mode: ShownMode, can: ModeFacts['can']): ShownMode {
  if (mode === 'code' && can.code) return 'code'
  return mode !== 'classic' && can.search ? 'search' : 'classic'
}

/** With a margin on either side where a session would see its tools exchanged because one of them has come or gone. */
function isTooMuch({ before, costTokens, thresholdTokens }: ModeFacts): boolean {
  if (before === undefined) return costTokens() > thresholdTokens
  if (before === 'classic') return costTokens() > watchedTokens(thresholdTokens)
  return costTokens() >= thresholdTokens * (1 - MARGIN)
}
