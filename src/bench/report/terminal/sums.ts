import type { Ratios, Total } from '../../analysis/totals.ts'
import { TIME_CACHING, type Facts } from '../facts.ts'
import { toBareChange, toCount, toDollars, toTime } from '../numbers.ts'
import { toLines, type TextColumn } from './columns.ts'
import type { Screen } from './plain.ts'

const NUMBERS: readonly TextColumn<Total>[] = [
  { title: 'SOLVED', cell: ({ solved, tasks }) => `${toCount(solved)}/${toCount(tasks)}` },
  { title: 'TURNS', cell: ({ turns }) => toCount(turns), spare: 4 },
  { title: 'INPUT', cell: ({ input }) => toCount(input) },
  { title: 'OUTPUT', cell: ({ output }) => toCount(output), spare: 6 },
  { title: 'COST', cell: ({ cost }) => toDollars(cost.none), spare: 7 },
  { title: 'COLD', cell: ({ cost }) => toDollars(cost[TIME_CACHING]), spare: 0 },
  { title: 'TIME', cell: ({ wallMs }) => toTime(wallMs), spare: 5 },
  { title: 'INPUT %', cell: changeOf((ratios) => ratios.input) },
  { title: 'TURNS %', cell: changeOf((ratios) => ratios.turns), spare: 3 },
  { title: 'COST %', cell: changeOf((ratios) => ratios.cost.none), spare: 2 },
  { title: 'COLD %', cell: changeOf((ratios) => ratios.cost[TIME_CACHING]) },
  { title: 'TIME %', cell: changeOf((ratios) => ratios.wall), spare: 1 },
]

/** Sums for each number of tools and mode. */
export function toSumLines({ sizes, modes, totalOf }: Facts, screen: Screen): readonly string[] {
  const rows = sizes.flatMap((tools) => modes.flatMap((mode) => totalOf(tools, mode, 'all') ?? []))
  return toLines<Total>(
    [
      { title: 'TOOLS', cell: ({ tools }) => toCount(tools) },
      { title: 'MODE', cell: ({ mode }) => mode, isText: true },
      ...NUMBERS,
    ],
    rows,
    screen,
  )
}

/** Sums for each kind and mode at the largest number of tools. */
export function toKindLines({ sizes, modes, kinds, totalOf }: Facts, screen: Screen): readonly string[] {
  const rows = kinds.flatMap((kind) => modes.flatMap((mode) => totalOf(sizes.at(-1) ?? 0, mode, kind) ?? []))
  return toLines<Total>(
    [
      { title: 'KIND', cell: ({ kind }) => kind, isText: true },
      { title: 'MODE', cell: ({ mode }) => mode, isText: true },
      ...NUMBERS,
    ],
    rows,
    screen,
  )
}

/** Against classic; for classic itself there is nothing to say. */
function changeOf(of: (ratios: Ratios) => number): (total: Total) => string {
  return ({ mode, ratios }) => (mode === 'classic' || ratios === undefined ? '' : toBareChange(of(ratios)))
}
