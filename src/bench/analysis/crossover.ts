import type { TaskKind } from '../../config/tasks/schema.ts'
import type { ShownMode } from '../../core/mode.ts'
import type { CatalogSize, Point } from '../points.ts'
import type { Measure } from './measure.ts'
import { FIXED_MODES, kindsOf, sizesOf, solvedIn, sumOf, toMatches } from './pairs.ts'

/** Where a band begins or ends. */
export interface Edge {
  readonly tools: number
  /** Of the whole catalog as classic lists it; left out where the catalog's sizes are not known. */
  readonly definitionTokens?: number
  /** True between two sizes that were played: found on a straight line between them, and with a fraction of a tool. */
  readonly isInterpolated: boolean
}

/** Numbers of tools over which one mode is the cheapest. */
export interface Band {
  readonly mode: ShownMode
  readonly from: Edge
  readonly to: Edge
}

/** Which mode is the cheapest for how many tools. */
export interface Crossover {
  readonly kind: TaskKind | 'all'
  /** Without gaps, from the smallest size to the largest. */
  readonly bands: readonly Band[]
  /** The modes that are the cheapest nowhere between the smallest and the largest size. */
  readonly never: readonly ShownMode[]
  /** Tasks, counted once for each number of tools, that some mode did not solve or in which it was not played. */
  readonly leftOut: number
}

/** What each mode takes at one number of tools: the mean of the tasks that all modes solved. */
interface Sample {
  readonly tools: number
  readonly means: readonly number[]
}

/**
 * From how many tools on each mode is the cheapest, over all tasks and for each kind. Between two sizes that were
 * played the quantity is taken to grow along a straight line. Where modes take the same, the one that was the
 * cheapest before stays it.
 *
 * @param sizes of the catalog, for the tokens of its definitions at an edge
 */
export function crossovers(
  points: readonly Point[],
  measure: Measure,
  sizes: readonly CatalogSize[] = [],
): readonly Crossover[] {
  const modes = FIXED_MODES.filter((mode) => points.some((point) => point.mode === mode))
  const kinds = ['all', ...kindsOf(points)] as const
  if (modes.length === 0) return []
  return kinds.map((kind) => {
    const matches = toMatches(points.filter((point) => kind === 'all' || point.kind === kind)).filter(
      (match) => modes.some((mode) => match.points.has(mode)),
    )
    let leftOut = 0
    const samples = sizesOf(matches).flatMap((tools): Sample[] => {
      const some = matches.filter((match) => match.tools === tools)
      const solved = some.map((match) => solvedIn(match, modes)).filter((of) => of !== undefined)
      leftOut += some.length - solved.length
      if (solved.length === 0) return []
      const mean = (at: number): number =>
        sumOf(
          solved.flatMap((of) => of[at] ?? []),
          measure.of,
        ) / solved.length
      return [{ tools, means: modes.map((_, at) => mean(at)) }]
    })
    const bands = toBands(samples, modes, (tools) => toEdge(tools, samples, sizes))
    return { kind, bands, never: modes.filter((mode) => bands.every((band) => band.mode !== mode)), leftOut }
  })
}

/** A part between two places of a line on which no two modes cross, and the mode that is the cheapest on it. */
interface Part {
  readonly from: number
  readonly to: number
  readonly mode: ShownMode
}

function toBands(
  samples: readonly Sample[],
  modes: readonly ShownMode[],
  edge: (tools: number) => Edge,
): readonly Band[] {
  const only = samples.length === 1 ? samples : []
  const parts: Part[] = []
  for (const sample of only)
    parts.push({ from: sample.tools, to: sample.tools, mode: cheapest(modes, sample.means, undefined) })
  for (const [at, right] of samples.entries()) {
    const left = samples[at - 1]
    if (left === undefined) continue
    const places = [0, ...crossings(left.means, right.means), 1]
    for (const [next, end] of places.entries()) {
      const begin = places[next - 1]
      if (begin === undefined) continue
      const middle = left.means.map((mean, of) => between(mean, right.means[of] ?? mean, (begin + end) / 2))
      parts.push({
        from: between(left.tools, right.tools, begin),
        to: between(left.tools, right.tools, end),
        mode: cheapest(modes, middle, parts.at(-1)?.mode),
      })
    }
  }
  const joined: Part[] = []
  for (const part of parts) {
    const last = joined.at(-1)
    if (last?.mode === part.mode) joined[joined.length - 1] = { ...last, to: part.to }
    else joined.push(part)
  }
  return joined.map(({ mode, from, to }) => ({ mode, from: edge(from), to: edge(to) }))
}

/** Where two of several straight lines meet, as parts of the way from left to right, in order. */
function crossings(left: readonly number[], right: readonly number[]): readonly number[] {
  const found = new Set<number>()
  for (const [a, leftA] of left.entries())
    for (const [b, leftB] of left.entries()) {
      if (b <= a) continue
      const [before, after] = [leftA - leftB, (right[a] ?? 0) - (right[b] ?? 0)]
      if (before * after < 0) found.add(before / (before - after))
    }
  return [...found].sort((a, b) => a - b)
}

function cheapest(
  modes: readonly ShownMode[],
  means: readonly number[],
  before: ShownMode | undefined,
): ShownMode {
  const least = Math.min(...means)
  // Sums of fractions differ in their last digits where they should not.
  const tied = modes.filter((_, at) => (means[at] ?? Infinity) <= least * (1 + 1e-9))
  const first = tied.find((mode) => mode === before) ?? tied[0]
  if (first === undefined) throw new RangeError('no modes to compare')
  return first
}

function toEdge(tools: number, samples: readonly Sample[], sizes: readonly CatalogSize[]): Edge {
  const known = sizes.toSorted((a, b) => a.tools - b.tools)
  const at = known.findIndex((size) => size.tools >= tools)
  const [below, above] = [known[at - 1], known[at]]
  const definitionTokens =
    above?.tools === tools
      ? above.definitionTokens
      : below === undefined || above === undefined
        ? undefined
        : between(
            below.definitionTokens,
            above.definitionTokens,
            (tools - below.tools) / (above.tools - below.tools),
          )
  return {
    tools,
    ...(definitionTokens === undefined ? {} : { definitionTokens }),
    isInterpolated: samples.every((sample) => sample.tools !== tools),
  }
}

function between(left: number, right: number, part: number): number {
  return part === 1 ? right : left + (right - left) * part
}
