import { TASK_KINDS, type TaskKind } from '../../config/tasks/schema.ts'
import type { Mode, ShownMode } from '../../core/mode.ts'
import type { Point } from '../points.ts'

/** The modes that always show the same; `auto` is judged against them. */
export const FIXED_MODES = ['classic', 'search', 'code'] as const satisfies readonly ShownMode[]

/** One task at one number of tools, in each mode in which it was played. */
export interface Match {
  readonly task: string
  readonly kind: TaskKind
  readonly tools: number
  readonly points: ReadonlyMap<Mode, Point>
}

/**
 * Points side by side, in the order in which they come. A task is played once in a mode at a number of tools; of
 * more, the first counts.
 */
export function toMatches(points: readonly Point[]): readonly Match[] {
  const matches = new Map<string, Match & { readonly points: Map<Mode, Point> }>()
  for (const point of points) {
    const { task, kind, tools } = point
    const key = JSON.stringify([task, tools])
    const match = matches.get(key) ?? { task, kind, tools, points: new Map<Mode, Point>() }
    if (!match.points.has(point.mode)) match.points.set(point.mode, point)
    matches.set(key, match)
  }
  return [...matches.values()]
}

/** The points of these modes, where all of them solved the task: a task that is given up early is not a cheap one. */
export function solvedIn(match: Match, modes: readonly Mode[]): readonly Point[] | undefined {
  const points = modes.flatMap((mode) => match.points.get(mode) ?? [])
  return points.length === modes.length && points.every((point) => point.ok) ? points : undefined
}

/** A point, and what it is compared with: the same task at the same number of tools. */
export interface Pair {
  readonly own: Point
  readonly base: Point
}

/** The points of a mode beside those of another, for the tasks that both solved. */
export function toPairs(matches: readonly Match[], mode: Mode, against: Mode = 'classic'): readonly Pair[] {
  return matches.flatMap((match) => {
    const [own, base] = solvedIn(match, [mode, against]) ?? []
    return own === undefined || base === undefined ? [] : [{ own, base }]
  })
}

/** The sum over the ones over the sum over the others; nothing where there is nothing to compare. */
export function ratioOf(pairs: readonly Pair[], of: (point: Point) => number): number | undefined {
  const base = sumOf(pairs, (pair) => of(pair.base))
  return base > 0 ? sumOf(pairs, (pair) => of(pair.own)) / base : undefined
}

/** The kinds that occur, in the order in which kinds are told. */
export function kindsOf(points: readonly { readonly kind: TaskKind }[]): readonly TaskKind[] {
  return TASK_KINDS.filter((kind) => points.some((point) => point.kind === kind))
}

/** The numbers of tools that occur, from the smallest. */
export function sizesOf(points: readonly { readonly tools: number }[]): readonly number[] {
  return [...new Set(points.map((point) => point.tools))].sort((a, b) => a - b)
}

/** The sum of a quantity. */
export function sumOf<Entry>(entries: readonly Entry[], of: (entry: Entry) => number): number {
  return entries.reduce((total, entry) => total + of(entry), 0)
}
