import type { TaskKind } from '../../config/tasks/schema.ts'
import { MODES, type Mode } from '../../core/mode.ts'
import type { Caching, LatencyParameters, Point, Pricing } from '../points.ts'
import { modelMsOf, toolMsOf, wallMsOf } from './latency.ts'
import { inputOf, outputOf, type Measure } from './measure.ts'
import { kindsOf, type Pair, ratioOf, sizesOf, sumOf, toMatches, toPairs } from './pairs.ts'
import { costOf } from './price.ts'

/** A mode against classic: its sums over those of classic, over the tasks that both solved. */
export interface Ratios {
  /** How many tasks were compared. */
  readonly tasks: number
  readonly input: number
  readonly output: number
  readonly turns: number
  readonly cost: Readonly<Record<Caching, number>>
  readonly wall: number
}

/** All points of a mode at a number of tools. */
export interface Total {
  readonly tools: number
  readonly mode: Mode
  readonly kind: TaskKind | 'all'
  readonly tasks: number
  readonly solved: number
  readonly turns: number
  readonly input: number
  readonly output: number
  /** The part of `input` that definitions and instructions are: sent again with each turn. */
  readonly head: number
  /** Dollars. */
  readonly cost: Readonly<Record<Caching, number>>
  readonly modelMs: number
  readonly toolMs: number
  readonly wallMs: number
  /** Calls that reached a server. */
  readonly calls: number
  /** Left out where no task was solved in both modes. */
  readonly ratios?: Ratios
}

/**
 * Sums for each number of tools and mode, over all tasks (kind `all`) and for each kind. A task that failed is in the
 * sums, with what it took, and not in the ratios.
 *
 * @param caching what the times are for; costs are told for each
 */
export function totalsOf(
  points: readonly Point[],
  pricing: Pricing,
  latency: LatencyParameters,
  caching: Caching,
): readonly Total[] {
  const wallMs = (point: Point): number => wallMsOf(point, latency, caching, pricing.cacheMinTokens)
  const kinds = ['all', ...kindsOf(points)] as const
  return sizesOf(points).flatMap((tools) =>
    kinds.flatMap((kind) => {
      const some = points.filter((point) => point.tools === tools && (kind === 'all' || point.kind === kind))
      const matches = toMatches(some)
      return MODES.flatMap((mode): Total[] => {
        const own = some.filter((point) => point.mode === mode)
        if (own.length === 0) return []
        const ratios = toRatios(toPairs(matches, mode), pricing, wallMs)
        return [
          {
            tools,
            mode,
            kind,
            tasks: own.length,
            solved: own.filter((point) => point.ok).length,
            turns: sumOf(own, turnsOf),
            input: sumOf(own, inputOf),
            output: sumOf(own, outputOf),
            head: sumOf(
              own,
              (point) => point.turns.length * (point.head.definitions + point.head.instructions),
            ),
            cost: forCachings((cached) => sumOf(own, (point) => costOf(point, pricing, cached))),
            modelMs: sumOf(own, (point) => modelMsOf(point, latency, caching, pricing.cacheMinTokens)),
            toolMs: sumOf(own, toolMsOf),
            wallMs: sumOf(own, wallMs),
            calls: sumOf(own, (point) => point.calls),
            ...(ratios === undefined ? {} : { ratios }),
          },
        ]
      })
    }),
  )
}

function toRatios(
  pairs: readonly Pair[],
  pricing: Pricing,
  wallMs: (point: Point) => number,
): Ratios | undefined {
  if (pairs.length === 0) return undefined
  // Of nothing and nothing: the same.
  const ratio = (of: (point: Point) => number): number => ratioOf(pairs, of) ?? 1
  return {
    tasks: pairs.length,
    input: ratio(inputOf),
    output: ratio(outputOf),
    turns: ratio(turnsOf),
    cost: forCachings((caching) => ratio((point) => costOf(point, pricing, caching))),
    wall: ratio(wallMs),
  }
}

function forCachings(of: (caching: Caching) => number): Readonly<Record<Caching, number>> {
  return { none: of('none'), cold: of('cold'), warm: of('warm') }
}

function turnsOf(point: Point): number {
  return point.turns.length
}

/** A task that a mode solved, and for which it took more than classic. */
export interface Loss {
  readonly task: string
  readonly kind: TaskKind
  readonly tools: number
  readonly mode: Mode
  readonly value: number
  readonly classic: number
  /** `value` less `classic`, in the unit of the measure. */
  readonly by: number
  /** `value` over `classic`. */
  readonly ratio: number
}

/**
 * Every task at every number of tools where a mode is worse than classic, the worst ratio first. Tasks that one of
 * both failed are not compared.
 */
export function losses(points: readonly Point[], measure: Measure): readonly Loss[] {
  const matches = toMatches(points)
  return MODES.filter((mode) => mode !== 'classic')
    .flatMap((mode) => toPairs(matches, mode))
    .map(({ own, base }): Loss => {
      const [value, classic] = [measure.of(own), measure.of(base)]
      const { task, kind, tools, mode } = own
      return { task, kind, tools, mode, value, classic, by: value - classic, ratio: value / classic }
    })
    .filter((loss) => loss.by > 0)
    .sort(
      (a, b) =>
        b.ratio - a.ratio ||
        a.tools - b.tools ||
        (a.task < b.task ? -1 : a.task > b.task ? 1 : MODES.indexOf(a.mode) - MODES.indexOf(b.mode)),
    )
}
