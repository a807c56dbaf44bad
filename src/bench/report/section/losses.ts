import type { Mode } from '../../../core/mode.ts'
import type { Loss } from '../../analysis/totals.ts'
import type { Facts, Findings, Judged } from '../facts.ts'
import { toChange, toCount, toCountOf, toDollars, toTime } from '../numbers.ts'
import { markup, type Markup } from '../page/markup.ts'
import { toTable, type Column } from '../page/table.ts'

const TOLD: readonly { readonly name: Judged; readonly title: string }[] = [
  { name: 'input', title: 'More input tokens than classic' },
  { name: 'cost-none', title: 'Higher cost than classic, no caching' },
  { name: 'cost-cold', title: 'Higher cost than classic, cold cache' },
  { name: 'wall-cold', title: 'More time than classic, cold cache' },
]

/** Every task at every number of tools where a mode is worse than classic. */
export function toLossesSection(facts: Facts): Markup | undefined {
  if (facts.compared.size === 0 || !facts.modes.includes('classic')) return undefined
  return markup`<section id="losses"><h2>Where classic is better</h2><p class="soft">Every task at every number of tools where a mode took more than classic, and by how much; nothing is left out. An empty cell is no loss. Tasks that one of both did not solve stand under <a href="#failures">failures</a>.</p>${TOLD.map(
    ({ name, title }, at) => toList(facts, facts.findings[name], title, at === 0),
  )}</section>`
}

function toList(facts: Facts, { losses, measure }: Findings, title: string, isOpen: boolean): Markup {
  const counts = [...facts.compared].map(([mode, compared]) => {
    const own = losses.filter((loss) => loss.mode === mode).length
    return `${mode} in ${toCount(own)} of ${toCount(compared)}`
  })
  const rows = toRows(losses)
  const toBy = measure.unit === '$' ? toDollars : measure.unit === 'ms' ? toTime : toCount
  const columns: readonly Column<LossRow>[] = [
    { title: 'task', cell: ({ task }) => task },
    { title: 'kind', cell: ({ kind }) => kind, as: 'word' },
    { title: 'mode', cell: ({ mode }) => mode, as: 'word' },
    ...facts.sizes.map((tools): Column<LossRow> => ({
      title: toCountOf(tools, 'tool'),
      cell: ({ at }) => {
        const loss = at.get(tools)
        return loss === undefined
          ? ''
          : markup`<b>${toChange(loss.ratio)}</b><small>+${toBy(loss.by)}</small>`
      },
    })),
  ]
  return markup`<details${isOpen ? markup` open` : undefined}><summary>${title}: ${counts.join(', ')} comparisons</summary>${
    rows.length === 0
      ? markup`<p class="none">There is none.</p>`
      : toTable(`${title}: by how much, the worst first`, columns, [{ rows }], true)
  }</details>`
}

interface LossRow {
  readonly task: string
  readonly kind: string
  readonly mode: Mode
  readonly at: Map<number, Loss>
}

/** One row for a task in a mode, in the order of its worst loss. */
function toRows(losses: readonly Loss[]): readonly LossRow[] {
  const rows = new Map<string, LossRow>()
  for (const loss of losses) {
    const key = JSON.stringify([loss.task, loss.mode])
    const row = rows.get(key) ?? {
      task: loss.task,
      kind: loss.kind,
      mode: loss.mode,
      at: new Map<number, Loss>(),
    }
    row.at.set(loss.tools, loss)
    rows.set(key, row)
  }
  return [...rows.values()]
}
