import type { Crossover, Edge } from '../analysis/crossover.ts'
import { toCount, toCountOf } from './numbers.ts'

/** All bands of a kind, in words: `classic up to ≈ 20 tools (2,811 tokens), then code`. */
export function describeBands({ bands }: Pick<Crossover, 'bands'>): string {
  const [only] = bands
  if (only === undefined) return 'nothing to compare'
  if (bands.length === 1) return `${only.mode} at every number of tools`
  return bands
    .map(({ mode, to }, at) => (at === bands.length - 1 ? mode : `${mode} up to ${describeEdge(to)}`))
    .join(', then ')
}

/** A number of tools, with the tokens of their definitions where they are known; marked where it was not played itself. */
export function describeEdge({ tools, definitionTokens, isInterpolated }: Edge): string {
  const tokens = definitionTokens === undefined ? '' : ` (${toCount(definitionTokens)} tokens)`
  return `${isInterpolated ? '≈ ' : ''}${toCountOf(tools, 'tool')}${tokens}`
}

/** The name of a row: a kind, or all of them. */
export function nameOfKind(kind: Crossover['kind']): string {
  return kind === 'all' ? 'all tasks' : kind
}
