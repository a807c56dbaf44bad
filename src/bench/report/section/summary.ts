import type { Mode } from '../../../core/mode.ts'
import type { Ratios } from '../../analysis/totals.ts'
import { TIME_CACHING, type Facts } from '../facts.ts'
import { toChange, toCount, toCountOf } from '../numbers.ts'
import { markup, type Markup } from '../page/markup.ts'

/** What was run, and what came of it at the fewest and at the most tools. */
export function toSummary(facts: Facts): Markup {
  const { report, sizes, modes } = facts
  const { made } = report
  const mode = leadOf(modes)
  const span =
    sizes.length > 1
      ? `${toCount(sizes[0] ?? 0)} to ${toCountOf(sizes.at(-1) ?? 0, 'tool')}`
      : toCountOf(sizes[0] ?? 0, 'tool')
  return markup`<header><h1>What tools cost a model</h1><p class="lede">${toCountOf(report.tasks.length, 'task')} of ${toCountOf(facts.kinds.length, 'kind')}, ${span}, modes ${modes.join(', ')}.</p><p class="soft">Isogate ${made.version}, ${made.at.slice(0, 10)}. Catalog: ${report.catalog.source}. The model is simulated; its calls are real. <a href="#method">Method</a></p>${
    mode === undefined ? undefined : toCards(facts, mode)
  }</header>`
}

/** The mode that the figures at the top are of. */
function leadOf(modes: readonly Mode[]): Mode | undefined {
  if (!modes.includes('classic')) return undefined
  return (['code', 'search', 'auto'] as const).find((mode) => modes.includes(mode))
}

function toCards(facts: Facts, mode: Mode): Markup {
  const { findings, compared } = facts
  const auto = findings['cost-none'].auto.worst
  const lost = findings.input.losses.filter((loss) => loss.mode === mode).length
  return markup`<ul class="cards">${toCard(facts, mode, 'Input tokens', (ratios) => ratios.input)}${toCard(facts, mode, `Cost, ${TIME_CACHING} cache`, (ratios) => ratios.cost[TIME_CACHING])}${toCard(facts, mode, 'Turns', (ratios) => ratios.turns)}${toCard(facts, mode, 'Time', (ratios) => ratios.wall)}<li><b>Tasks solved</b><span class="big">${toSolved(facts, mode)}</span><span>${mode}; classic ${toSolved(facts, 'classic')}</span></li><li><b>Classic is better</b><span class="big">${toCount(lost)} of ${toCount(compared.get(mode) ?? 0)}</span><span>comparisons of input tokens, all <a href="#losses">listed</a></span></li>${
    auto === undefined
      ? undefined
      : markup`<li><b>Auto, at its worst</b><span class="big">${auto.ratio.toFixed(2)} ×</span><span>the cost of the best mode: ${auto.kind}, ${toCountOf(auto.tools, 'tool')}</span></li>`
  }</ul>`
}

/** The change at the most tools in large, with that at the fewest under it. */
function toCard(
  { sizes, totalOf }: Facts,
  mode: Mode,
  title: string,
  of: (ratios: Ratios) => number,
): Markup {
  const [few, many] = [sizes[0] ?? 0, sizes.at(-1) ?? 0]
  const changeAt = (tools: number): string => {
    const ratios = totalOf(tools, mode, 'all')?.ratios
    return ratios === undefined ? '–' : toChange(of(ratios))
  }
  const large = changeAt(many)
  const side = large.startsWith('−') ? ' l' : large.startsWith('+') ? ' m' : ''
  const small =
    few === many
      ? `${mode} against classic`
      : `${mode} against classic at ${toCount(many)}; ${changeAt(few)} at ${toCountOf(few, 'tool')}`
  return markup`<li><b>${title}</b><span class="big${side}">${large}</span><span>${small}</span></li>`
}

function toSolved({ sizes, totalOf }: Facts, mode: Mode): string {
  const totals = sizes.flatMap((tools) => totalOf(tools, mode, 'all') ?? [])
  const solved = totals.reduce((sum, total) => sum + total.solved, 0)
  const tasks = totals.reduce((sum, total) => sum + total.tasks, 0)
  return `${toCount(solved)} of ${toCount(tasks)}`
}
