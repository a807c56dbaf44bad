import { LATENCY_PARAMETERS, sensitivity } from '../../src/bench/analysis/latency.ts'
import type { BenchReport, LatencyParameters } from '../../src/bench/points.ts'
import { TIME_CACHING, toFacts } from '../../src/bench/report/facts.ts'
import { toChange, toCount, toTime } from '../../src/bench/report/numbers.ts'
import { describeCatalog } from './catalog.ts'
import { toAutoTables, toCrossoverTable, toLossTables } from './findings.ts'
import { changeOf, toKindGrid, toLimitTable, toSizeTable, type Limited } from './grids.ts'
import { numbers, toTable, words } from './table.ts'

const LARGE = 508

const PARAMETER_WORDS: Readonly<Record<keyof LatencyParameters, string>> = {
  firstTokenMs: 'until the first token, ms',
  readPerSecond: 'tokens read in a second',
  cachedReadPerSecond: 'cached tokens read in a second',
  writePerSecond: 'tokens written in a second',
  turnMs: 'client and network for each turn, ms',
}

/** What there is to tell of time. */
export interface TimeReports {
  readonly report: BenchReport
  readonly limited: readonly Limited[]
}

/** The tables of the section on time. */
export function toTimeTables({ report, limited }: TimeReports): readonly string[] {
  const facts = toFacts(report)
  return [
    '### Time by number of tools',
    `Sums over ${report.tasks.length} tasks, among ${describeCatalog(report)}, with a ${TIME_CACHING} cache. The column “gateway and tools” is the part that was measured; the rest is the model, by parameters.`,
    toSizeTable(facts, [
      { title: 'Turns', cell: ({ turns }) => toCount(turns) },
      { title: 'Time', cell: ({ wallMs }) => toTime(wallMs) },
      { title: 'Gateway and tools', cell: ({ toolMs }) => toTime(toolMs) },
      changeOf('Time, change', ({ wall }) => wall),
      changeOf('Turns, change', ({ turns }) => turns),
    ]),
    '### Time by kind of task',
    'Time of code against classic:',
    toKindGrid(facts, 'code', ({ wall }) => wall),
    'Time of search against classic:',
    toKindGrid(facts, 'search', ({ wall }) => wall),
    '### What hangs on the parameters',
    `Time against classic at ${LARGE} tools, with one parameter halved and doubled:`,
    toSensitivity(report),
    '### Where classic is faster',
    ...toLossTables(facts, ['wall-cold']),
    '### Which mode is the fastest, and up to how many tools',
    toCrossoverTable(facts, ['wall-cold']),
    '### Time of auto against the best mode',
    ...toAutoTables(facts, ['wall-cold']),
    '### Time and calls in one turn',
    `Mode code against classic at ${LARGE} tools, for models that make all independent calls in one turn, 5, or 1 (\`--parallel-calls\`):`,
    toLimitTable(
      report,
      limited,
      LARGE,
      ['all', 'fan-out', 'join', 'single'],
      [
        { title: 'Turns', of: ({ turns }) => turns },
        { title: 'Time', of: ({ wall }) => wall },
      ],
    ),
  ]
}

function toSensitivity({ points, latency, pricing }: BenchReport): string {
  const found = sensitivity(
    points.filter(({ tools }) => tools === LARGE),
    latency,
    TIME_CACHING,
    pricing.cacheMinTokens,
  ).filter(({ kind }) => kind === 'all')
  const rows = LATENCY_PARAMETERS.map((parameter) => [
    PARAMETER_WORDS[parameter],
    toCount(latency[parameter]),
    ...(['code', 'search'] as const).flatMap((mode) =>
      ([0.5, 1, 2] as const).map((factor) => {
        const row = found.find(
          (each) => each.parameter === parameter && each.mode === mode && each.factor === factor,
        )
        return row === undefined ? '' : toChange(row.ratio)
      }),
    ),
  ])
  return toTable(
    [
      words('Parameter'),
      numbers('Value'),
      ...['code', 'search'].flatMap((mode) => [
        numbers(`${mode}, half`),
        numbers(`${mode}, as it is`),
        numbers(`${mode}, twice`),
      ]),
    ],
    rows,
  )
}
