import type { BenchReport, Point } from '../points.ts'
import { inputOf } from './measure.ts'
import { ratioOf, sizesOf, toMatches, toPairs } from './pairs.ts'

/** Tokens that a provider may add to each request that has tools: by the word of some of them, and many times that. */
const ADDED_TOKENS = [346, 2_000] as const

/** Something that is counted otherwise than here. */
export interface Supposition {
  readonly name: 'as-counted' | 'small-preamble' | 'large-preamble' | 'half-definitions'
  readonly label: string
  readonly of: (point: Point) => number
}

/** Input tokens of a play, if it were so. */
export const SUPPOSITIONS: readonly Supposition[] = [
  { name: 'as-counted', label: 'as counted', of: inputOf },
  ...(['small-preamble', 'large-preamble'] as const).map((name, at): Supposition => {
    const added = ADDED_TOKENS[at] ?? 0
    return {
      name,
      label: `+${added.toLocaleString('en')} a request`,
      of: (point) => inputOf(point) + added * point.turns.length,
    }
  }),
  {
    name: 'half-definitions',
    label: 'definitions at half',
    of: (point) => inputOf(point) - (point.head.definitions / 2) * point.turns.length,
  },
]

/** What code sends against classic at a number of tools, for each supposition. */
export interface WhatIf {
  readonly tools: number
  readonly ratios: Readonly<Record<Supposition['name'], number>>
}

/**
 * How much of the comparison hangs on what a provider does with definitions and is not counted here: pure arithmetic
 * over the plays that both modes solved, the same for every mode. Sizes where nothing can be compared are left out.
 */
export function whatIf({ points }: Pick<BenchReport, 'points'>): readonly WhatIf[] {
  return sizesOf(points).flatMap((tools) => {
    const pairs = toPairs(toMatches(points.filter((point) => point.tools === tools)), 'code')
    const ratios = SUPPOSITIONS.flatMap(({ name, of }) => {
      const ratio = ratioOf(pairs, of)
      return ratio === undefined ? [] : [[name, ratio] as const]
    })
    if (ratios.length < SUPPOSITIONS.length) return []
    return [{ tools, ratios: Object.fromEntries(ratios) as WhatIf['ratios'] }]
  })
}
