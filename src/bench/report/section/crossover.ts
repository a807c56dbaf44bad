import { describeBands, describeEdge, nameOfKind } from '../band-words.ts'
import { drawBands } from '../chart/bands.ts'
import type { Facts, Judged } from '../facts.ts'
import { toCount } from '../numbers.ts'
import { markup, type Markup } from '../page/markup.ts'
import { toTable } from '../page/table.ts'
import { toBoth } from './lines.ts'

const TOLD: readonly { readonly name: Judged; readonly title: string }[] = [
  { name: 'input', title: 'Fewest input tokens' },
  { name: 'cost-none', title: 'Lowest cost, no caching' },
  { name: 'cost-cold', title: 'Lowest cost, cold cache' },
  { name: 'cost-warm', title: 'Lowest cost, warm cache' },
  { name: 'wall-cold', title: 'Least time, cold cache' },
]

/** From how many tools on each mode is the cheapest. */
export function toCrossoverSection(facts: Facts): Markup {
  return markup`<section id="crossover"><h2>Which mode is the cheapest, and from where on</h2><p class="soft">Bands over the number of tools, for all tasks and for each kind. Where two modes cross between two numbers that were played, the place is interpolated along a straight line and marked with ≈. Only tasks that all modes solved are compared; mode auto is judged by itself further down.</p>${TOLD.map(
    ({ name, title }, at) =>
      markup`<details${at === 0 || name === 'cost-cold' ? markup` open` : undefined}><summary>${title}</summary>${toChart(facts, name, title)}</details>`,
  )}</section>`
}

function toChart(facts: Facts, name: Judged, title: string): Markup {
  const { crossovers } = facts.findings[name]
  const draw = (id: string, width: number): Markup =>
    drawBands({
      id,
      title: `${title}, by kind of task`,
      description:
        'Bands by number of tools, each named after the mode that is best there. The table below says the same in words.',
      width,
      rows: crossovers.map((each) => ({
        name: nameOfKind(each.kind),
        stretches: each.bands.map((band) => ({
          mode: band.mode,
          from: band.from.tools,
          to: band.to.tools,
          hover: `${nameOfKind(each.kind)}: ${band.mode} from ${describeEdge(band.from)} to ${describeEdge(band.to)}`,
        })),
      })),
      sizes: facts.sizes,
      x: { title: 'tools in the catalog (log)', toText: toCount },
    })
  return markup`<figure>${toBoth(`band-${name}`, 0, 0, draw)}</figure>${toTable(
    `${title}: up to which number of tools, with the tokens of their definitions`,
    [
      { title: 'kind', cell: ({ kind }) => nameOfKind(kind) },
      { title: 'cheapest', cell: (each) => describeBands(each), as: 'prose' },
      {
        title: 'never the cheapest',
        cell: ({ never }) => (never.length === 0 ? '–' : never.join(', ')),
        as: 'prose',
      },
      { title: 'tasks left out', cell: ({ leftOut }) => toCount(leftOut) },
    ],
    [{ rows: crossovers }],
  )}`
}
