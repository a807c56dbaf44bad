/** Tries a rate: gives the 99th percentile of the latencies, milliseconds. */
export type Probe = (perSecond: number) => Promise<number>

/** How the search goes. */
export interface SearchSettings {
  readonly startPerSecond: number
  /** It ends where the lowest rate that is too high is at most so many times the highest that is not. */
  readonly resolution: number
  /** For all limits together; one more may be made. */
  readonly maxProbes: number
  /** Asked before each rate: false where the time is up, and what is known by then is given. */
  readonly hasTime?: () => boolean
}

/** Below it nothing is searched: what cannot do that does not do it at all. */
const LEAST_PER_SECOND = 20

/**
 * The highest rate for each limit at which 99 % of the calls stay below it: doubled (or halved) until one is too high and one is not, then
 * bisected. A rate is too high where two probes say so; what is known of a rate counts for all limits. 0 where no rate was low enough.
 */
export async function findHighestRates(
  probe: Probe,
  limitsMs: readonly number[],
  { startPerSecond, resolution, maxProbes, hasTime = () => true }: SearchSettings,
): Promise<readonly number[]> {
  const known = new Map<number, number>()
  let probes = 0
  const loosestFirst = limitsMs.toSorted((a, b) => b - a)
  for (const limitMs of loosestFirst) {
    while (probes < maxProbes && hasTime()) {
      const next = nextRate(bracketOf(known, limitMs), startPerSecond, resolution)
      if (next === undefined || next < LEAST_PER_SECOND) break
      const first = await probe(next)
      probes += 1
      if (first <= limitMs) {
        known.set(next, first)
        continue
      }
      // One bad moment of the machine would decide for all rates above: it takes two to be too high.
      known.set(next, Math.min(first, await probe(next)))
      probes += 1
    }
  }
  return limitsMs.map((limitMs) => bracketOf(known, limitMs).passed ?? 0)
}

interface Bracket {
  readonly passed?: number
  readonly failed?: number
}

/** The lowest rate that was too high, and the highest below it that was not. */
function bracketOf(known: ReadonlyMap<number, number>, limitMs: number): Bracket {
  const rates = [...known.keys()].sort((a, b) => a - b)
  const failed = rates.find((rate) => (known.get(rate) ?? Infinity) > limitMs)
  const passed = rates.findLast((rate) => failed === undefined || rate < failed)
  return { ...(passed === undefined ? {} : { passed }), ...(failed === undefined ? {} : { failed }) }
}

function nextRate({ passed, failed }: Bracket, start: number, resolution: number): number | undefined {
  if (failed === undefined) return passed === undefined ? start : passed * 2
  if (passed === undefined) return failed / 2
  return failed / passed <= resolution ? undefined : Math.sqrt(failed * passed)
}
