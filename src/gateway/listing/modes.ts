import { estimateTokens } from '../../catalog/tokens.ts'
import { CALL_TOOL, CODE_SERVER } from '../../config/own-tools.ts'
import type { Config } from '../../config/schema.ts'
import type { Door } from '../../core/call.ts'
import type { JsonObject } from '../../core/json.ts'
import type { ClientView } from '../../core/listing.ts'
import type { Mode, ShownMode } from '../../core/mode.ts'
import type { Principal } from '../../core/principal.ts'
import { matchesGlob } from '../../core/glob.ts'
import type { Gateway } from '../gateway.ts'
import type { Snapshot } from '../snapshot.ts'
import { chooseMode, wantedMode, watchedTokens, type Choice, type ModeFacts } from './choose-mode.ts'
import { broughtBy, nameOf } from './known-clients.ts'

/** How an endpoint shows the tools. */
export interface Display {
  readonly mode: Mode
  /** Mode `auto`: classic up to this many tokens of definitions. */
  readonly autoThresholdTokens: number
  /** What clients and their names have to say. Absent: nothing, the mode is that of the endpoint. */
  readonly auto?: Config['auto']
}

/** Which mode a client is in. */
export interface Modes {
  /** Decides, for a client that is about to be shown something. */
  readonly choose: (principal: Principal, client: ClientView) => Choice
  /** The mode in which the client was shown something the last time; where that is not known, the one that it would be now. */
  readonly of: (principal: Principal, client: ClientView) => ShownMode
}

interface Cost {
  readonly snapshot: Snapshot
  readonly watchedTokens: number
  readonly tokens: number
}

/** Follows the display, which may change. What sessions were shown is remembered as long as they are there. */
export function createModes(gateway: Gateway, door: Door, displayNow: () => Display): Modes {
  const shown = new WeakMap<ClientView, ShownMode>()
  const costs = new WeakMap<Principal, Cost>()
  const costOfOne = new WeakMap<JsonObject, number>()

  function tokensOf(definition: JsonObject): number {
    let tokens = costOfOne.get(definition)
    if (tokens === undefined) costOfOne.set(definition, (tokens = estimateTokens(JSON.stringify(definition))))
    return tokens
  }

  /** Counted once for each principal and state of the catalog, and no further than it matters. */
  function costTokens(principal: Principal, watched: number): number {
    const snapshot = gateway.snapshot()
    const known = costs.get(principal)
    if (known?.snapshot === snapshot && known.watchedTokens === watched) return known.tokens
    let tokens = 0
    for (const { definition } of gateway.visibleTools(principal, door)) {
      tokens += tokensOf(definition)
      if (tokens > watched) break
    }
    costs.set(principal, { snapshot, watchedTokens: watched, tokens })
    return tokens
  }

  function factsOf(principal: Principal, client: ClientView): ModeFacts {
    const { mode, autoThresholdTokens, auto } = displayNow()
    const sees = (name: string): boolean => gateway.isVisible(principal, door, { server: CODE_SERVER, name })
    return {
      configured: mode,
      wish: auto?.clientMayChoose === true ? client.wish : undefined,
      credential: auto === undefined ? undefined : principal.mode,
      operator: operatorsWord(auto?.clients ?? {}, nameOf(client)),
      bringsItsOwn: broughtBy(client) !== undefined,
      can: { code: sees('run_script'), search: sees(CALL_TOOL) },
      costTokens: () => costTokens(principal, watchedTokens(autoThresholdTokens)),
      thresholdTokens: autoThresholdTokens,
      before: shown.get(client),
    }
  }

  function choose(principal: Principal, client: ClientView): Choice {
    const choice = chooseMode(factsOf(principal, client))
    if (client.isLasting) shown.set(client, choice.mode)
    return choice
  }

  return {
    choose,
    of(principal, client) {
      const { mode, auto } = displayNow()
      const before = shown.get(client)
      const isAsked = auto !== undefined && (client.wish !== undefined || principal.mode !== undefined)
      // The way of nearly all calls: there is nothing to be decided.
      if (!isAsked && mode !== 'auto') return mode
      if (before === undefined) return choose(principal, client).mode
      const wanted = isAsked ? wantedMode(factsOf(principal, client)).mode : mode
      return wanted === 'auto' ? before : wanted
    },
  }
}

/** What the first of the globs that matches a name stands for. */
function operatorsWord(clients: Readonly<Record<string, Mode>>, name: string | undefined): Mode | undefined {
  if (name === undefined) return undefined
  return Object.entries(clients).find(([glob]) => matchesGlob(glob, name))?.[1]
}
