import type { BenchReport } from '../../src/bench/points.ts'
import { toFacts } from '../../src/bench/report/facts.ts'
import { toChange, toCount, toCountOf, toDollars, toMean } from '../../src/bench/report/numbers.ts'
import { describeCatalog } from './catalog.ts'
import { toAutoTables, toCrossoverTable, toLossTables } from './findings.ts'
import { changeOf, toKindGrid, toLimitTable, toModeGrid, toSizeTable, type Limited } from './grids.ts'
import { numbers, toTable } from './table.ts'

const LARGE = 508

/** What there is to tell of tokens. */
export interface TokenReports {
  readonly report: BenchReport
  readonly limited: readonly Limited[]
  /** The same over the generated catalog, which everybody has; left out where `report` is that. */
  readonly generated: BenchReport | undefined
}

/** The tables of the section on tokens. */
export function toTokenTables({ report, limited, generated }: TokenReports): readonly string[] {
  const facts = toFacts(report)
  const { pricing, catalog, tasks } = report
  return [
    '### Tokens and cost by number of tools',
    `Sums over ${toCountOf(tasks.length, 'task')}, among ${describeCatalog(report)}. Prices for a million tokens: input $${pricing.input}, output $${pricing.output}, read from the cache $${pricing.cacheRead}, written to it $${pricing.cacheWrite}. Changes are against classic.`,
    toSizeTable(facts, [
      { title: 'Solved', cell: ({ solved, tasks: of }) => `${toCount(solved)} of ${toCount(of)}` },
      { title: 'Turns', cell: ({ turns }) => toCount(turns) },
      { title: 'Input', cell: ({ input }) => toCount(input) },
      { title: 'Output', cell: ({ output }) => toCount(output) },
      { title: 'Cost, no cache', cell: ({ cost }) => toDollars(cost.none) },
      { title: 'Cold cache', cell: ({ cost }) => toDollars(cost.cold) },
      { title: 'Warm cache', cell: ({ cost }) => toDollars(cost.warm) },
      changeOf('Input, change', ({ input }) => input),
      changeOf('Output, change', ({ output }) => output),
      changeOf('Turns, change', ({ turns }) => turns),
      changeOf('No cache, change', ({ cost }) => cost.none),
      changeOf('Cold, change', ({ cost }) => cost.cold),
      changeOf('Warm, change', ({ cost }) => cost.warm),
    ]),
    'The catalog at each size, as classic lists it:',
    toTable(
      ['Tools', 'Tokens of definitions', 'Tokens per tool'].map(numbers),
      catalog.sizes.map(({ tools, definitionTokens }) => [
        toCount(tools),
        toCount(definitionTokens),
        toMean(definitionTokens / tools),
      ]),
    ),
    '### Tokens and cost by kind of task',
    'Input tokens of code against classic:',
    toKindGrid(facts, 'code', ({ input }) => input),
    'Input tokens of search against classic:',
    toKindGrid(facts, 'search', ({ input }) => input),
    'Cost of code against classic, cold cache:',
    toKindGrid(facts, 'code', ({ cost }) => cost.cold),
    `Turns at ${LARGE} tools:`,
    toModeGrid(facts, LARGE, ({ turns }) => toCount(turns)),
    '### Where classic costs less',
    ...toLossTables(facts, ['input', 'cost-none', 'cost-cold', 'cost-warm']),
    '### Which mode costs least, and up to how many tools',
    'Where two modes cross between two sizes that were played, the place is on a straight line between them (≈). In brackets: tokens of all definitions.',
    toCrossoverTable(facts, ['input', 'cost-none', 'cost-cold', 'cost-warm']),
    '### Auto against the best mode',
    'Auto chooses by the catalog, before it knows the task. The best mode is the best for that kind at that size, known afterwards.',
    ...toAutoTables(facts, ['input', 'cost-none', 'cost-cold', 'cost-warm']),
    '### Calls in one turn',
    `By default the model makes all calls that do not depend on each other in one turn. This favours classic: many real models make fewer, some one at a time. Mode code against classic at ${LARGE} tools with \`--parallel-calls\`:`,
    toLimitTable(
      report,
      limited,
      LARGE,
      ['all', 'fan-out', 'join', 'single'],
      [
        { title: 'Turns', of: ({ turns }) => turns },
        { title: 'Input', of: ({ input }) => input },
        { title: 'Cost, no cache', of: ({ cost }) => cost.none },
        { title: 'Cost, cold cache', of: ({ cost }) => cost.cold },
      ],
    ),
    ...(generated === undefined ? [] : toGenerated(generated)),
  ]
}

function toGenerated(report: BenchReport): readonly string[] {
  const { totalOf } = toFacts(report)
  const rows = report.catalog.sizes.flatMap(({ tools, definitionTokens }) => {
    const [classic, code] = (['classic', 'code'] as const).map((mode) => totalOf(tools, mode, 'all'))
    if (classic === undefined || code?.ratios === undefined) return []
    return [
      [
        toCount(tools),
        toCount(definitionTokens),
        toCount(classic.input),
        toCount(code.input),
        toChange(code.ratios.input),
        toChange(code.ratios.cost.cold),
      ],
    ]
  })
  return [
    '### The same with generated tools',
    'The catalog that comes with Isogate, so that everybody can check: `isogate bench tokens --catalog generated --sizes 96,251,508`.',
    toTable(
      [
        'Tools',
        'Tokens of definitions',
        'Input, classic',
        'Input, code',
        'Input, change',
        'Cost, cold cache, change',
      ].map(numbers),
      rows,
    ),
  ]
}
