import type { Mode } from '../../../core/mode.ts'
import type { TaskKind } from '../../../config/tasks/schema.ts'
import type { Ratios } from '../../analysis/totals.ts'
import { drawChangeBars } from '../chart/change-bars.ts'
import { TIME_CACHING, type Facts } from '../facts.ts'
import { toChange, toCount, toCountOf } from '../numbers.ts'
import { markup, type Markup } from '../page/markup.ts'

/** What is compared, one set of charts for each. */
const COMPARED: readonly {
  readonly id: string
  readonly title: string
  readonly of: (ratios: Ratios) => number
}[] = [
  { id: 'input', title: 'Input tokens', of: (ratios) => ratios.input },
  { id: 'cost', title: `Cost, ${TIME_CACHING} cache`, of: (ratios) => ratios.cost[TIME_CACHING] },
  { id: 'time', title: `Time, ${TIME_CACHING} cache`, of: (ratios) => ratios.wall },
]

/** The axis reaches no further, or one enormous loss would make all else invisible. */
const MOST_REACH = 2.4

/** Each kind of task against classic, gains and losses on the same axis. */
export function toKindsSection(facts: Facts): Markup | undefined {
  const modes = facts.modes.filter((mode) => mode !== 'classic')
  if (!facts.modes.includes('classic') || modes.length === 0) return undefined
  return markup`<section id="kinds"><h2>Each kind of task against classic</h2><p class="soft">The line is classic. A bar below it is less, a bar above it is more; one step is as long on both sides. The number at each bar is its change in percent (from tenfold on the factor, as ×12), the number under it how many tools are in the catalog. Compared are tasks that both modes solved.</p><ul class="legend"><li><svg viewBox="0 0 38 16" aria-hidden="true"><path class="zero" d="M2 2H36"/><path class="less" stroke-width="18" d="M19 2v13"/></svg>less than classic</li><li><svg viewBox="0 0 38 16" aria-hidden="true"><path class="more" stroke-width="18" d="M19 1v13"/><path class="zero" d="M2 14H36"/></svg>more than classic</li></ul>${COMPARED.map(
    ({ id, title, of }, at) =>
      markup`<details${at === 0 ? markup` open` : undefined}><summary>${title}</summary>${toCharts(facts, modes, id, title, of)}</details>`,
  )}</section>`
}

function toCharts(
  facts: Facts,
  modes: readonly Mode[],
  id: string,
  title: string,
  of: (ratios: Ratios) => number,
): Markup {
  const kinds = ['all', ...facts.kinds] as const
  const all = kinds.flatMap((kind) => modes.flatMap((mode) => changesOf(facts, mode, kind, of)))
  const most = Math.max(1, ...all.map(({ ratio }) => ratio ?? 1))
  const reach = Math.max(1.25, Math.min(MOST_REACH, most))
  const isCut = most > reach
  // No empty room above the bars: the unit is the same everywhere, so they can be compared all the same.
  const reachOf = (kind: TaskKind | 'all'): number =>
    Math.max(1, ...modes.flatMap((mode) => changesOf(facts, mode, kind, of).map(({ ratio }) => ratio ?? 1)))
  return markup`${isCut ? markup`<p class="soft">Bars with a notch are longer than the axis: their number is right, their length is not.</p>` : undefined}<div class="kinds of${modes.length}"><span class="head">kind</span>${modes.map((mode) => markup`<span class="head">${mode}</span>`)}${kinds.map(
    (kind) =>
      markup`<h4>${kind === 'all' ? 'all tasks' : kind}</h4>${modes.map((mode) => {
        const changes = changesOf(facts, mode, kind, of)
        return markup`<div class="cell"><span class="cap">${mode}</span>${drawChangeBars({
          id: `k-${id}-${kind}-${mode}`,
          title: `${title} of ${mode} against classic: ${kind === 'all' ? 'all tasks' : kind}`,
          description: `By number of tools: ${changes.map(({ tools, ratio }) => `${toCount(tools)}: ${ratio === undefined ? 'nothing to compare' : toChange(ratio)}`).join('; ')}.`,
          width: 280,
          changes,
          reach: Math.min(reach, reachOf(kind)),
        })}</div>`
      })}`,
  )}</div>`
}

function changesOf(
  { sizes, totalOf }: Facts,
  mode: Mode,
  kind: TaskKind | 'all',
  of: (ratios: Ratios) => number,
): readonly { readonly tools: number; readonly ratio: number | undefined; readonly hover: string }[] {
  return sizes.map((tools) => {
    const total = totalOf(tools, mode, kind)
    const ratios = total?.ratios
    const found = ratios === undefined ? Number.NaN : of(ratios)
    const ratio = Number.isNaN(found) ? undefined : found
    const some =
      ratios !== undefined && total !== undefined && ratios.tasks < total.tasks
        ? `, ${toCount(ratios.tasks)} of ${toCountOf(total.tasks, 'task')}`
        : ''
    const hover = ratio === undefined ? '' : `${toCount(tools)} tools: ${toChange(ratio)}${some}`
    return { tools, ratio, hover }
  })
}
