import type { TaskKind } from '../../config/tasks/schema.ts'
import { MODES, type Mode } from '../../core/mode.ts'
import type { BenchReport } from '../points.ts'
import { INPUT_CHANGES, judgeTargets, LARGE } from './targets.ts'

/** A target that was asked for and that a report says nothing about. */
export interface Unjudged {
  readonly name: string
  readonly why: string
}

interface Asked {
  /** What the name of its target begins with. */
  readonly name: string
  readonly modes: readonly Mode[]
  readonly tools?: number
  readonly kind?: TaskKind
}

const ASKED: readonly Asked[] = [
  ...INPUT_CHANGES.map(([tools]): Asked => ({
    name: `input tokens of code, ${tools} tools`,
    modes: ['classic', 'code'],
    tools,
  })),
  ...(['code', 'search', 'auto'] as const).map((mode): Asked => ({
    name: `tasks that classic solves and ${mode} does not`,
    modes: ['classic', mode],
  })),
  { name: `cost of code, cold cache, ${LARGE} tools`, modes: ['classic', 'code'], tools: LARGE },
  {
    name: 'cost of auto against the best mode, nothing cached',
    modes: ['classic', 'search', 'code', 'auto'],
  },
  ...(['fan-out', 'join'] as const).flatMap((kind) =>
    ['turns of code', 'wall time of code, cold cache'].map((what): Asked => ({
      name: `${what}, ${kind}, ${LARGE} tools`,
      modes: ['classic', 'code'],
      tools: LARGE,
      kind,
    })),
  ),
  {
    name: `turns of code beyond classic, single, ${LARGE} tools`,
    modes: ['classic', 'code'],
    tools: LARGE,
    kind: 'single',
  },
  {
    name: `wall time of auto, cold cache, single, ${LARGE} tools`,
    modes: ['classic', 'auto'],
    tools: LARGE,
    kind: 'single',
  },
]

/** Targets that a report cannot be judged by, and what it lacks. */
export function unjudgedTargets(report: BenchReport): readonly Unjudged[] {
  const judged = judgeTargets(report).filter(({ isRequired }) => isRequired)
  return ASKED.flatMap((asked) => {
    // Of a mode that was not played `auto` may be judged by the rest; that is less than was asked for.
    const lacking = asked.modes.filter((mode) => !report.points.some((point) => point.mode === mode))
    if (lacking.length === 0 && judged.some(({ name }) => name.startsWith(asked.name))) return []
    return [{ name: asked.name, why: whyNot(report, asked, lacking) }]
  })
}

function whyNot({ points }: BenchReport, { tools, kind }: Asked, lacking: readonly Mode[]): string {
  const some = points.filter((point) => tools === undefined || point.tools === tools)
  const told = MODES.filter((mode) => lacking.includes(mode))
  return (
    [
      ...(tools !== undefined && some.length === 0 ? [`nothing was played at ${tools} tools`] : []),
      ...(told.length > 0 ? [`not played: mode ${told.join(', ')}`] : []),
      ...(kind !== undefined && !points.some((point) => point.kind === kind)
        ? [`no task of kind ${kind}`]
        : []),
    ].join('; ') || 'no task was solved in all modes that it takes'
  )
}
