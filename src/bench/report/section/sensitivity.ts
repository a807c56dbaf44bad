import { LATENCY_PARAMETERS, sensitivity, type Sensitivity } from '../../analysis/latency.ts'
import type { LatencyParameters } from '../../points.ts'
import { TIME_CACHING, type Facts } from '../facts.ts'
import { toChange, toCount } from '../numbers.ts'
import { markup, type Markup } from '../page/markup.ts'
import { toTable, type Column } from '../page/table.ts'
import { toSigned } from '../page/signed.ts'

const PARAMETER_WORDS: Readonly<Record<keyof LatencyParameters, string>> = {
  firstTokenMs: 'time to the first token, ms',
  readPerSecond: 'tokens read per second',
  cachedReadPerSecond: 'cached tokens read per second',
  writePerSecond: 'tokens written per second',
  turnMs: 'client and network per turn, ms',
}

/** A parameter in words, and what it is. */
export function describeParameters(latency: LatencyParameters): readonly (readonly [string, string])[] {
  return LATENCY_PARAMETERS.map((name) => [PARAMETER_WORDS[name], toCount(latency[name])] as const)
}

/** How the comparison of times hangs on the parameters of the model. */
export function toSensitivity({ report, sizes, modes }: Facts): Markup | undefined {
  const told = (['search', 'code'] as const).filter((mode) => modes.includes(mode))
  if (!modes.includes('classic') || told.length === 0) return undefined
  const found = sizes.map((tools) => ({
    tools,
    rows: sensitivity(
      report.points.filter((point) => point.tools === tools),
      report.latency,
      TIME_CACHING,
      report.pricing.cacheMinTokens,
    ).filter((row) => row.kind === 'all'),
  }))
  interface Row {
    readonly tools: number
    readonly mode: 'search' | 'code'
    readonly rows: readonly Sensitivity[]
  }
  const columns: readonly Column<Row>[] = [
    { title: 'tools', cell: ({ tools }) => toCount(tools) },
    { title: 'mode', cell: ({ mode }) => mode, as: 'word' },
    { title: 'as it is', cell: (row) => changeOf(row, 'turnMs', 1) },
    ...LATENCY_PARAMETERS.map((parameter): Column<Row> => ({
      title: `${PARAMETER_WORDS[parameter]}: ½, ×2`,
      cell: (row) => markup`${changeOf(row, parameter, 0.5)}, ${changeOf(row, parameter, 2)}`,
    })),
  ]
  const rows = found.flatMap(({ tools, rows: all }) =>
    told.map((mode): Row => ({ tools, mode, rows: all.filter((row) => row.mode === mode) })),
  )
  return markup`<details><summary>How much hangs on the parameters</summary>${toTable(
    'Time against classic, with one parameter of the model halved and doubled, all others as they are',
    columns,
    [{ rows }],
  )}</details>`
}

function changeOf(
  { rows }: { readonly rows: readonly Sensitivity[] },
  parameter: keyof LatencyParameters,
  factor: Sensitivity['factor'],
): Markup {
  const ratio = rows.find((row) => row.parameter === parameter && row.factor === factor)?.ratio
  return toSigned(ratio, toChange)
}
