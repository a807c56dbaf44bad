import type { Terms } from '../text/request.ts'
import type { Segment } from './segment.ts'

/** A query that names a service means its tools. */
export interface ServerNames {
  /** For each named server what its tools gain, by the place of the server's segment. */
  readonly liftsOf: (terms: Terms) => ReadonlyMap<number, number>
  /** The place of the segment of each document. */
  readonly segmentOf: Uint32Array
}

/** So much of a server's name has to be in the query, by the worth of its words. */
const NAMED_SHARE = 0.5

/** How much a word of a server's name lifts, beside words that match in a tool. */
const WEIGHT = 0.5

/** Indexes the names of the servers whose tools stand one after the other. */
export function createServerNames(segments: readonly Segment[]): ServerNames {
  const holders = new Map<string, number[]>()
  for (const [at, { serverTerms }] of segments.entries())
    for (const term of serverTerms) {
      const list = holders.get(term)
      if (list === undefined) holders.set(term, [at])
      else list.push(at)
    }
  const worthOf = (term: string) => Math.log(1 + segments.length / (holders.get(term)?.length ?? 1))
  const worth = segments.map(({ serverTerms }) => serverTerms.reduce((sum, term) => sum + worthOf(term), 0))
  return Object.freeze<ServerNames>({
    liftsOf: (terms) => {
      const got = new Map<number, number>()
      // With one server there is nothing to choose.
      if (segments.length < 2) return got
      for (const [term, weight] of terms)
        for (const at of holders.get(term) ?? [])
          got.set(at, (got.get(at) ?? 0) + worthOf(term) * Math.min(weight, 1))
      const named = [...got].filter(([at, sum]) => sum >= NAMED_SHARE * (worth[at] ?? 0))
      return new Map(named.map(([at, sum]) => [at, WEIGHT * sum]))
    },
    segmentOf: Uint32Array.from(segments.flatMap(({ specs }, at) => specs.map(() => at))),
  })
}
