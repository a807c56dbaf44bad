import type { Mode } from '../../core/mode.ts'
import { meanInterval, meanOf, wilson, type Interval } from '../analysis/confidence.ts'
import type { Outcome, RepeatedPlay } from './live-play.ts'

/** What is told of a play in numbers. */
export type LiveMeasure = 'turns' | 'input' | 'output' | 'dollars' | 'wallMs'

/** How a mode did. */
export interface ModeSummary {
  readonly mode: Mode
  /** How many plays ended how. */
  readonly ended: Readonly<Record<Outcome, number>>
  /** Plays that were solved, failed or refused, of tasks that can be checked. */
  readonly trials: number
  /** Solved out of these. Absent where there are none. */
  readonly success?: Interval
  /** Of a play that was solved or failed. Absent where there are none. */
  readonly mean?: Readonly<Record<LiveMeasure, Interval>>
  /** Of the input: what came from the provider's cache. */
  readonly cachedShare?: number
  readonly againstClassic?: AgainstClassic
}

/** A mode beside classic, over plays of the same task and repeat that both solved: a task that is given up early is not a cheap one. */
export interface AgainstClassic {
  readonly pairs: number
  readonly measures: Readonly<Record<LiveMeasure, Compared>>
}

export interface Compared {
  /** Of the sums. Absent where classic has nothing. */
  readonly ratio?: number
  /** Mean of the differences; certain where it has zero on one side. */
  readonly difference: Interval
}

/**
 * Sums plays up by mode, with 95 % intervals. Plays of one task are alike, so where there are several tasks the mean of each is one
 * observation: the interval tells how far it might be off for other tasks of this sort, and more repeats alone do not make it narrow.
 */
export function summarize(plays: readonly RepeatedPlay[], modes: readonly Mode[]): readonly ModeSummary[] {
  const classic = new Map(plays.filter(({ mode }) => mode === 'classic').map((play) => [keyOf(play), play]))
  return modes.map((mode) =>
    summarizeMode(
      mode,
      plays.filter((play) => play.mode === mode),
      classic,
    ),
  )
}

function summarizeMode(
  mode: Mode,
  plays: readonly RepeatedPlay[],
  classic: ReadonlyMap<string, RepeatedPlay>,
): ModeSummary {
  const count = (outcome: Outcome): number => plays.filter((play) => play.outcome === outcome).length
  const ended = {
    solved: count('solved'),
    failed: count('failed'),
    refused: count('refused'),
    broken: count('broken'),
    stopped: count('stopped'),
  }
  const tried = plays.filter(
    (play) => play.isChecked && play.outcome !== 'broken' && play.outcome !== 'stopped',
  )
  const trials = tried.length
  const whole = plays.filter(({ outcome }) => outcome === 'solved' || outcome === 'failed')
  const input = whole.reduce((sum, { usage }) => sum + usage.input, 0)
  const pairs = mode === 'classic' ? [] : pairsOf(plays, classic)
  return {
    mode,
    ended,
    trials,
    ...(trials === 0 ? {} : { success: wilson(tried.filter(({ ok }) => ok).length, trials) }),
    ...(whole.length === 0
      ? {}
      : { mean: forEach((measure) => intervalOf(whole, (play) => readMeasure(play, measure))) }),
    ...(input === 0
      ? {}
      : { cachedShare: whole.reduce((sum, { usage }) => sum + usage.cachedInput, 0) / input }),
    ...(pairs.length === 0 ? {} : { againstClassic: compare(pairs) }),
  }
}

interface Pair {
  readonly task: string
  readonly mine: RepeatedPlay
  readonly classic: RepeatedPlay
}

function pairsOf(
  plays: readonly RepeatedPlay[],
  classic: ReadonlyMap<string, RepeatedPlay>,
): readonly Pair[] {
  return plays.flatMap((mine) => {
    const other = classic.get(keyOf(mine))
    return other !== undefined && mine.ok && other.ok ? [{ task: mine.task, mine, classic: other }] : []
  })
}

function compare(pairs: readonly Pair[]): AgainstClassic {
  const compareOne = (measure: LiveMeasure): Compared => {
    const sum = (side: 'mine' | 'classic'): number =>
      pairs.reduce((total, pair) => total + readMeasure(pair[side], measure), 0)
    const base = sum('classic')
    return {
      ...(base === 0 ? {} : { ratio: sum('mine') / base }),
      difference: intervalOf(
        pairs,
        ({ mine, classic }) => readMeasure(mine, measure) - readMeasure(classic, measure),
      ),
    }
  }
  return { pairs: pairs.length, measures: forEach(compareOne) }
}

function intervalOf<Entry extends { readonly task: string }>(
  entries: readonly Entry[],
  of: (entry: Entry) => number,
): Interval {
  const byTask = Map.groupBy(entries, ({ task }) => task)
  if (byTask.size === 1) return meanInterval(entries.map(of))
  return meanInterval([...byTask.values()].map((alike) => meanOf(alike.map(of))))
}

function readMeasure({ turns, usage, dollars, wallMs }: RepeatedPlay, measure: LiveMeasure): number {
  return { turns: turns.length, input: usage.input, output: usage.output, dollars, wallMs }[measure]
}

function forEach<Value>(of: (measure: LiveMeasure) => Value): Readonly<Record<LiveMeasure, Value>> {
  return {
    turns: of('turns'),
    input: of('input'),
    output: of('output'),
    dollars: of('dollars'),
    wallMs: of('wallMs'),
  }
}

function keyOf({ task, repeat }: RepeatedPlay): string {
  return JSON.stringify([task, repeat])
}
