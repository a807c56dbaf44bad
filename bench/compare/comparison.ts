import type { Figure } from '../figure.ts'

/**
 * `worse` and `better`: beyond the noise. `same`: within it. `gone` and `new`: only in one of them. `untold`: there is no sense in comparing
 * them, as where a difference was below 0.
 */
export type Finding = 'worse' | 'better' | 'same' | 'gone' | 'new' | 'untold'

/** What fails a comparison, where it is judged. */
const FAILING: ReadonlySet<Finding> = new Set<Finding>(['worse', 'gone'])

/** One figure in two runs. */
export interface Change {
  readonly name: string
  readonly unit: string
  readonly before?: number
  readonly after?: number
  /** How much worse it is, as a share (of percentages: in points); below 0 where it is better. */
  readonly worseBy?: number
  /** From where on it counts, in the same measure. */
  readonly limit?: number
  readonly finding: Finding
  /** False: it is told and fails nothing. */
  readonly isJudged: boolean
}

/** Two runs of a benchmark. */
export interface Comparison {
  readonly changes: readonly Change[]
  /** Those that fail the comparison. */
  readonly regressions: readonly Change[]
}

/** Less is never called a regression, however quiet the machine was. */
const LEAST = 0.05
/** How many times the noise of both runs. */
const TIMES_NOISE = 3
/** Percentages are compared in points: 0.2 % is not twice as bad as 0.1 %. */
const LEAST_POINTS = 1
const PERCENTAGES: ReadonlySet<string> = new Set(['%', 'points'])
/** What depends on the machine, however like the other one it is. */
const ABSOLUTE: ReadonlySet<string> = new Set(['ns', 'us', 'ms', 's', 'calls/s', 'KB', 'MB', 'MB/min'])

/** The rule of `compareFigures` in words, for people. */
export const RULE =
  'A regression is worse by more than 3 x the spread of both runs, sqrt(a² + b²), and by more than 5 % (of percentages: 1 point). ' +
  'Ratios and counts with a target or a direction are judged; times, rates and memory only with --absolute.'

/**
 * Compares the figures of a run with those of another one. The noise is what both runs measured themselves; a figure without a spread is taken as
 * exact. What has neither a target nor a direction is for information and is never judged.
 *
 * @param isAbsolute whether times, rates and memory are judged too
 */
export function compareFigures(
  before: readonly Figure[],
  after: readonly Figure[],
  isAbsolute = false,
): Comparison {
  const stored = new Map(before.map((figure) => [figure.name, figure]))
  const now = new Set(after.map(({ name }) => name))
  const changes = [
    ...after.map((figure) => compareOne(stored.get(figure.name), figure, isAbsolute)),
    ...before
      .filter(({ name }) => !now.has(name))
      // A promise that nobody measures any more is none.
      .map(({ name, unit, value, target }): Change => ({
        name,
        unit,
        before: value,
        finding: 'gone',
        isJudged: target !== undefined,
      })),
  ]
  return {
    changes,
    regressions: changes.filter(({ finding, isJudged }) => isJudged && FAILING.has(finding)),
  }
}

function compareOne(old: Figure | undefined, figure: Figure, isAbsolute: boolean): Change {
  const { name, unit, value: after } = figure
  if (old === undefined || old.unit !== unit) return { name, unit, after, finding: 'new', isJudged: false }
  const before = old.value
  const isPromised = figure.target !== undefined || figure.better !== undefined
  const isJudged = isPromised && (isAbsolute || !ABSOLUTE.has(unit))
  const worseBy = toWorseBy(before, after, figure)
  const change = { name, unit, before, after, isJudged }
  // What was promised and is no number was not measured.
  const isLost = figure.target !== undefined && !Number.isFinite(after)
  if (worseBy === undefined) return { ...change, finding: isLost ? 'gone' : 'untold' }
  const limit = PERCENTAGES.has(unit)
    ? Math.max(LEAST_POINTS, TIMES_NOISE * noiseOf(old, figure) * Math.abs(before))
    : Math.max(LEAST, TIMES_NOISE * noiseOf(old, figure))
  const finding = worseBy > limit ? 'worse' : worseBy < -limit ? 'better' : 'same'
  return { ...change, worseBy, limit, finding }
}

/** Both noises together: they are independent. */
function noiseOf(old: Figure, figure: Figure): number {
  return Math.hypot(old.spread ?? 0, figure.spread ?? 0)
}

function toWorseBy(before: number, after: number, { unit, better }: Figure): number | undefined {
  if (!Number.isFinite(before) || !Number.isFinite(after)) return undefined
  const [good, bad] = better === 'higher' ? [after, before] : [before, after]
  if (PERCENTAGES.has(unit)) return bad - good
  if (good < 0 || bad < 0) return undefined
  if (good === bad) return 0
  // From none to some, and from half to all, is the same by this measure as from all to double.
  return good === 0 ? Number.POSITIVE_INFINITY : bad / good - 1
}
