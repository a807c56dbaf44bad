import type { TaskKind } from '../../config/tasks/schema.ts'
import { MODES, type Mode } from '../../core/mode.ts'
import type { BenchReport, Point } from '../points.ts'
import { inputOf, outputOf } from './measure.ts'
import { sizesOf, sumOf, toMatches } from './pairs.ts'
import { type SettingChange, settingsOf } from './settings.ts'

/** Above this a larger input is a regression. */
export const INPUT_TOLERANCE = 0.02

/** A quantity in both reports. */
export interface Change<Value = number> {
  readonly before: Value
  readonly after: Value
}

/** A task at a number of tools in a mode, of both reports. */
export interface PointChange {
  readonly task: string
  readonly kind: TaskKind
  readonly tools: number
  readonly mode: Mode
  readonly input: Change
  readonly output: Change
  readonly turns: Change
  readonly ok: Change<boolean>
}

/** Why a change is for the worse. */
export type Worsening = 'failed' | 'input' | 'turns'

export interface Regression extends PointChange {
  readonly because: readonly Worsening[]
}

/** Sums over the points that both reports have. */
export interface TotalChange {
  readonly tools: number
  readonly mode: Mode
  readonly tasks: number
  readonly solved: Change
  readonly input: Change
  readonly output: Change
  readonly turns: Change
}

/** What became of a benchmark between two reports. */
export interface Comparison {
  readonly settings: readonly SettingChange[]
  /** Tasks that only one of both has. */
  readonly tasks: { readonly added: readonly string[]; readonly removed: readonly string[] }
  /** Points of tasks that both have and that only one played: at another size, or in another mode. */
  readonly unmatched: Change
  readonly compared: number
  /** All that differ in something, in the order of the second report. */
  readonly changes: readonly PointChange[]
  readonly totals: readonly TotalChange[]
  /** Newly failed, more than 2 % more input tokens, or more turns: failures first, then by input. */
  readonly regressions: readonly Regression[]
}

/** Compares two reports point by point. Where an earlier and a later one are compared, the earlier comes first. */
export function compareReports(before: BenchReport, after: BenchReport): Comparison {
  const names = { before: namesOf(before), after: namesOf(after) }
  const both = toPointChanges(before, after)
  const inBoth = (point: Point): boolean => names.before.has(point.task) && names.after.has(point.task)
  const changes = both.filter(
    (change) =>
      change.ok.before !== change.ok.after ||
      [change.input, change.output, change.turns].some((of) => of.before !== of.after),
  )
  const regressions = changes.flatMap((change): Regression[] => {
    const because = worseningsOf(change)
    return because.length === 0 ? [] : [{ ...change, because }]
  })
  return {
    settings: settingsOf(before, after),
    tasks: {
      added: [...names.after].filter((name) => !names.before.has(name)),
      removed: [...names.before].filter((name) => !names.after.has(name)),
    },
    unmatched: {
      before: before.points.filter(inBoth).length - both.length,
      after: after.points.filter(inBoth).length - both.length,
    },
    compared: both.length,
    changes,
    totals: toTotalChanges(both),
    regressions: regressions.sort(
      (a, b) =>
        Number(b.because.includes('failed')) - Number(a.because.includes('failed')) || growth(b) - growth(a),
    ),
  }
}

function namesOf(report: BenchReport): ReadonlySet<string> {
  return new Set(report.points.map((point) => point.task))
}

function toPointChanges(before: BenchReport, after: BenchReport): readonly PointChange[] {
  const earlier = new Map(toMatches(before.points).map((match) => [keyOf(match), match]))
  return toMatches(after.points).flatMap((match) =>
    [...match.points.values()].flatMap((now): PointChange[] => {
      const then = earlier.get(keyOf(match))?.points.get(now.mode)
      if (then === undefined) return []
      const { task, kind, tools, mode } = now
      return [
        {
          task,
          kind,
          tools,
          mode,
          input: { before: inputOf(then), after: inputOf(now) },
          output: { before: outputOf(then), after: outputOf(now) },
          turns: { before: then.turns.length, after: now.turns.length },
          ok: { before: then.ok, after: now.ok },
        },
      ]
    }),
  )
}

function keyOf(at: { readonly task: string; readonly tools: number }): string {
  return JSON.stringify([at.task, at.tools])
}

function worseningsOf({ ok, input, turns }: PointChange): readonly Worsening[] {
  if (ok.before && !ok.after) return ['failed']
  // What a task took that failed before says nothing: it may have been given up.
  if (!ok.before || !ok.after) return []
  return [
    ...(input.after > input.before * (1 + INPUT_TOLERANCE) ? (['input'] as const) : []),
    ...(turns.after > turns.before ? (['turns'] as const) : []),
  ]
}

function growth({ input }: PointChange): number {
  return input.after / Math.max(1, input.before)
}

function toTotalChanges(both: readonly PointChange[]): readonly TotalChange[] {
  return sizesOf(both).flatMap((tools) =>
    MODES.flatMap((mode): TotalChange[] => {
      const some = both.filter((change) => change.tools === tools && change.mode === mode)
      if (some.length === 0) return []
      const sum = (of: (change: PointChange) => Change<number | boolean>): Change => ({
        before: sumOf(some, (change) => Number(of(change).before)),
        after: sumOf(some, (change) => Number(of(change).after)),
      })
      return [
        {
          tools,
          mode,
          tasks: some.length,
          solved: sum(({ ok }) => ok),
          input: sum(({ input }) => input),
          output: sum(({ output }) => output),
          turns: sum(({ turns }) => turns),
        },
      ]
    }),
  )
}
