import type { TaskKind } from '../../config/tasks/schema.ts'
import type { ShownMode } from '../../core/mode.ts'
import type { Point } from '../points.ts'
import type { Measure } from './measure.ts'
import { FIXED_MODES, kindsOf, sizesOf, solvedIn, sumOf, toMatches } from './pairs.ts'

/** How far above the best mode `auto` may be. */
export const AUTO_TOLERANCE = 1.05

/** Mode `auto` against the others, over the tasks of a kind at a number of tools. */
export interface AutoVerdict {
  readonly kind: TaskKind
  readonly tools: number
  /** How tools were shown in `auto`; more than one where it differs by task. */
  readonly shown: readonly ShownMode[]
  /** The mode that takes the least in sum, and what it takes. */
  readonly best: ShownMode
  readonly bestTotal: number
  readonly autoTotal: number
  /** `autoTotal` over `bestTotal`. */
  readonly ratio: number
  readonly tasks: number
  /** Tasks that some mode did not solve, or in which it was not played. */
  readonly leftOut: number
}

/** All verdicts on `auto`. */
export interface AutoJudgement {
  readonly verdicts: readonly AutoVerdict[]
  /** Left out where there is nothing to judge. */
  readonly worst?: AutoVerdict
  /** Those with a ratio above `AUTO_TOLERANCE`, the worst first. */
  readonly above: readonly AutoVerdict[]
}

/**
 * Judges `auto` by the best of the modes that were played, for each kind at each number of tools: over the tasks that
 * all of them solved.
 */
export function judgeAuto(points: readonly Point[], measure: Measure): AutoJudgement {
  const fixed = FIXED_MODES.filter((mode) => points.some((point) => point.mode === mode))
  const matches = toMatches(points)
  const verdicts = kindsOf(points).flatMap((kind) =>
    sizesOf(points).flatMap((tools): AutoVerdict[] => {
      const some = matches.filter((match) => match.kind === kind && match.tools === tools)
      const solved = some.map((match) => solvedIn(match, ['auto', ...fixed])).filter((of) => of !== undefined)
      const inMode = (at: number): readonly Point[] => solved.flatMap((of) => of[at] ?? [])
      const auto = inMode(0)
      const totals = fixed.map((mode, at) => ({ mode, total: sumOf(inMode(at + 1), measure.of) }))
      const best = totals.sort((a, b) => a.total - b.total)[0]
      if (best === undefined || auto.length === 0) return []
      const autoTotal = sumOf(auto, measure.of)
      return [
        {
          kind,
          tools,
          shown: [...new Set(auto.map((point) => point.shown))],
          best: best.mode,
          bestTotal: best.total,
          autoTotal,
          ratio: best.total > 0 ? autoTotal / best.total : autoTotal > 0 ? Infinity : 1,
          tasks: solved.length,
          leftOut: some.length - solved.length,
        },
      ]
    }),
  )
  const ordered = verdicts.toSorted((a, b) => b.ratio - a.ratio)
  return {
    verdicts,
    ...(ordered[0] === undefined ? {} : { worst: ordered[0] }),
    above: ordered.filter((verdict) => verdict.ratio > AUTO_TOLERANCE),
  }
}
