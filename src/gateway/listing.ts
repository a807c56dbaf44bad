import { estimateTokens } from '../catalog/tokens.ts'
import type { Mode } from '../config/schema.ts'
import type { JsonObject } from '../core/json.ts'
import type { Principal } from '../core/principal.ts'
import type { ToolRef } from '../core/tool.ts'
import type { Gateway } from './gateway.ts'

/** What an endpoint shows to a principal. Doors relay it as it is. */
export interface Listing {
  readonly tools: (principal: Principal) => readonly JsonObject[]
  /**
   * The tool that a name in a call means; the native identity for any accepted spelling. A hidden tool has no name: an
   * answer with its native spelling would tell that it is there (test/gateway/unknown-and-forbidden.test.ts).
   */
  readonly resolve: (principal: Principal, name: string) => ToolRef | undefined
  readonly instructions: (principal: Principal) => string
}

/** How an endpoint shows the tools. */
export interface Display {
  readonly mode: Mode
  /** Mode `auto`: classic up to this many tokens of definitions. */
  readonly autoThresholdTokens: number
}

/** Signatures that the instructions hold at the most; the list of servers is always whole. */
const CATALOG_BUDGET_TOKENS = 1_500

/**
 * Decides what an endpoint shows: in classic mode the definitions of all visible tools, in code mode the few tools of
 * Code Mode and, as instructions, the compact index. `auto` is classic while the definitions cost no more than the
 * threshold. A display that may change is given as a function and asked at each request.
 */
export function createListing(gateway: Gateway, display: Display | (() => Display)): Listing {
  const displayNow = typeof display === 'function' ? display : () => display
  const costs = new WeakMap<JsonObject, number>()
  const costOf = (definition: JsonObject): number => {
    let cost = costs.get(definition)
    if (cost === undefined) costs.set(definition, (cost = estimateTokens(JSON.stringify(definition))))
    return cost
  }
  const modeFor = (principal: Principal): 'classic' | 'code' => {
    const { mode, autoThresholdTokens } = displayNow()
    if (mode !== 'auto') return mode
    let tokens = 0
    for (const { definition } of gateway.visibleTools(principal)) {
      tokens += costOf(definition)
      if (tokens > autoThresholdTokens) return 'code'
    }
    return 'classic'
  }
  return {
    tools(principal) {
      if (modeFor(principal) === 'code')
        return gateway.ownTools(principal).map(({ definition }) => definition)
      const { names } = gateway.snapshot().catalog
      return gateway.visibleTools(principal).map(({ ref, definition }) => {
        const exposed = names.of(ref)?.exposed
        return exposed === undefined ? definition : { ...definition, name: exposed }
      })
    },
    resolve(principal, name) {
      const { catalog } = gateway.snapshot()
      const own = gateway.ownTool(name)
      const ref = (own ?? catalog.resolve(name))?.ref
      return ref !== undefined && gateway.isVisible(principal, ref) ? ref : undefined
    },
    instructions(principal) {
      if (modeFor(principal) === 'classic') return 'Tools of several servers; a name is server__tool.'
      const index = gateway.snapshot().index()
      const visible = new Set(gateway.visibleTools(principal))
      return [
        'Tools are called from scripts: run_script executes TypeScript in which tools.<server>.<tool>(args) calls a tool.',
        'Several calls go in one script, in parallel with Promise.all; return only what you need.',
        index.renderCatalog({ visible: (spec) => visible.has(spec), budgetTokens: CATALOG_BUDGET_TOKENS }),
      ].join('\n')
    },
  }
}
