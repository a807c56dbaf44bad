import { toolKey, type ToolSpec } from '../../../core/tool.ts'
import { bestOf } from './best.ts'
import type { Ranked } from './ranking.ts'
import type { Similarities } from '../../vectors/vectors.ts'

/** Ranks count as `1 / (K + rank)`. Source: Cormack, Clarke, Büttcher: Reciprocal Rank Fusion, SIGIR 2009. */
const K = 60

/** So many of the ranking by words take part, whatever page is asked for: else the order would depend on it. */
const WINDOW = 200

/** So many of the nearest in meaning take part: every tool is near by some small measure. */
const NEAREST = 100

/** Merges a ranking by words with similarities in meaning. Only ranks count, because the two scores have no common measure. */
export function fuse(
  byWords: readonly Ranked[],
  tools: readonly ToolSpec[],
  similarities: Similarities,
  isAsked: (at: number) => boolean,
): readonly Ranked[] {
  const near = Float64Array.from(tools, ({ ref }) => similarities.get(toolKey(ref)) ?? 0)
  const known = [...near.keys()].filter((at) => (near[at] ?? 0) > 0)
  const fused = new Map<number, number>()
  const count = (at: number, rank: number): void => {
    fused.set(at, (fused.get(at) ?? 0) + 1 / (K + rank))
  }
  for (const [rank, { at }] of byWords.slice(0, WINDOW).entries()) count(at, rank)
  for (const [rank, at] of bestOf(known, near, NEAREST, isAsked).entries()) count(at, rank)
  const first = [...fused]
    .map(([at, score]) => ({ at, score }))
    .sort((a, b) => b.score - a.score || a.at - b.at)
  return [...first, ...byWords.slice(WINDOW).filter(({ at }) => !fused.has(at))]
}
