import { AUTO_TOLERANCE, type AutoVerdict } from '../../analysis/auto.ts'
import type { Facts, Findings, Judged } from '../facts.ts'
import { toChange, toCount, toCountOf } from '../numbers.ts'
import { markup, type Markup } from '../page/markup.ts'
import { toSigned } from '../page/signed.ts'
import { toTable, type Column } from '../page/table.ts'

const TOLD: readonly { readonly name: Judged; readonly title: string }[] = [
  { name: 'cost-none', title: 'Cost of auto against the best mode, no caching' },
  { name: 'cost-cold', title: 'Cost of auto against the best mode, cold cache' },
  { name: 'input', title: 'Input tokens of auto against the best mode' },
  { name: 'wall-cold', title: 'Time of auto against the best mode, cold cache' },
]

/** Mode auto against the best of the three, on each kind at each number of tools. */
export function toAutoSection(facts: Facts): Markup | undefined {
  if (facts.findings.input.auto.verdicts.length === 0) return undefined
  return markup`<section id="auto"><h2>Auto against the best mode</h2><p class="soft">Mode auto chooses once for a catalog, before it knows the task. Here it is judged by the mode that turned out best for each kind: at most ${Math.round((AUTO_TOLERANCE - 1) * 100)} % above it is what it should be. Under each number: how the tools were shown, and which mode was the best where that is another one.</p>${TOLD.map(
    ({ name, title }, at) => toVerdicts(facts, facts.findings[name], title, at === 0),
  )}</section>`
}

function toVerdicts(facts: Facts, { auto }: Findings, title: string, isOpen: boolean): Markup {
  const columns: readonly Column<(typeof facts.kinds)[number]>[] = [
    { title: 'kind', cell: (kind) => kind },
    ...facts.sizes.map((tools): Column<(typeof facts.kinds)[number]> => ({
      title: toCountOf(tools, 'tool'),
      cell: (kind) => toVerdict(auto.verdicts.find((each) => each.kind === kind && each.tools === tools)),
    })),
  ]
  const { worst, above, verdicts } = auto
  const told =
    worst === undefined
      ? ''
      : `: ${toCount(verdicts.length - above.length)} of ${toCount(verdicts.length)} within, worst ${toChange(worst.ratio)}`
  return markup`<details${isOpen ? markup` open` : undefined}><summary>${title}${told}</summary>${toTable(title, columns, [{ rows: facts.kinds }])}</details>`
}

function toVerdict(verdict: AutoVerdict | undefined): Markup {
  if (verdict === undefined) return markup`–`
  const { ratio, shown, best } = verdict
  const change = ratio > AUTO_TOLERANCE ? toSigned(ratio, toChange) : markup`${toChange(ratio)}`
  return markup`${change}<small>${shown.join('/')}${shown.length === 1 && shown[0] === best ? '' : `; best ${best}`}</small>`
}
