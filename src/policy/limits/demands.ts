import type { Call } from '../../core/call.ts'
import type { Level, Standing } from '../../core/identity.ts'
import type { LimitSettings, Price } from '../../core/limits.ts'
import type { ToolRef } from '../../core/tool.ts'
import { demandOf, type Demand } from './demand.ts'
import { compileTerms, type Terms } from './terms.ts'

/** What the limits of the gateway and the cost of calls are read from. */
export interface DemandParts {
  readonly gatewayLimits: () => LimitSettings
  readonly prices: () => readonly Price[]
  readonly sandboxMsOf: (tool: ToolRef) => number
  readonly tokensPerCall?: number
}

/** Finds out once for each standing what its limits are, and once for each of its tools what a call takes. */
export interface Demands {
  readonly terms: (standing: Standing | undefined) => Terms
  readonly of: (call: Call) => Demand
}

interface Known {
  readonly gateway: LimitSettings
  readonly prices: readonly Price[]
  readonly terms: Terms
  /** By server and tool. */
  readonly demands: Map<string, Map<string, Demand>>
  count: number
}

const TOKENS_PER_CALL = 4_000
/** Beyond that all of them are found out anew: a bound for catalogs that change all the time. */
const MAX_DEMANDS = 4_096

export function createDemands(parts: DemandParts): Demands {
  const { gatewayLimits, prices, sandboxMsOf, tokensPerCall = TOKENS_PER_CALL } = parts
  const nobody: Standing = { levels: [] }
  const byStanding = new WeakMap<Standing, Known>()

  const knownOf = (standing: Standing = nobody): Known => {
    const [limits, tariff] = [gatewayLimits(), prices()]
    const known = byStanding.get(standing)
    if (known?.gateway === limits && known.prices === tariff) return known
    const own: Level = { kind: 'gateway', id: '', policy: {}, limits }
    const terms = compileTerms([own, ...standing.levels.filter(({ kind }) => kind !== 'gateway')])
    const next: Known = { gateway: limits, prices: tariff, terms, demands: new Map(), count: 0 }
    byStanding.set(standing, next)
    return next
  }

  return {
    terms: (standing) => knownOf(standing).terms,
    of({ tool, trail }) {
      const known = knownOf(trail?.standing)
      const find = (): Demand =>
        demandOf(tool, known.terms, { prices: known.prices, sandboxMsOf, tokensPerCall })
      // Names of resources are a caller's to make up, so they are not remembered.
      if (tool.kind !== undefined) return find()
      const found = known.demands.get(tool.server)?.get(tool.name)
      if (found !== undefined) return found
      if (known.count++ >= MAX_DEMANDS) {
        known.demands.clear()
        known.count = 1
      }
      const demand = find()
      const ofServer = known.demands.get(tool.server) ?? new Map<string, Demand>()
      known.demands.set(tool.server, ofServer.set(tool.name, demand))
      return demand
    },
  }
}
