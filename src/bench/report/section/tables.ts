import type { TaskKind } from '../../../config/tasks/schema.ts'
import type { Ratios, Total } from '../../analysis/totals.ts'
import { TIME_CACHING, type Facts } from '../facts.ts'
import { toChange, toCount, toCountOf, toDollars, toShare, toTime } from '../numbers.ts'
import { markup, type Markup } from '../page/markup.ts'
import { toSigned } from '../page/signed.ts'
import { toTable, type Column } from '../page/table.ts'

const CHANGES: readonly { readonly title: string; readonly of: (ratios: Ratios) => number }[] = [
  { title: 'input', of: (ratios) => ratios.input },
  { title: 'output', of: (ratios) => ratios.output },
  { title: 'turns', of: (ratios) => ratios.turns },
  { title: 'cost, none', of: (ratios) => ratios.cost.none },
  { title: 'cost, cold', of: (ratios) => ratios.cost.cold },
  { title: 'cost, warm', of: (ratios) => ratios.cost.warm },
  { title: 'time', of: (ratios) => ratios.wall },
]

/** All sums, over all tasks and for each kind. */
export function toTablesSection(facts: Facts): Markup {
  const many = facts.sizes.map((tools) => ({
    title: toCountOf(tools, 'tool'),
    rows: totalsOf(facts, tools, 'all'),
  }))
  return markup`<section id="tables"><h2>All sums</h2>${toTable('Sums over all tasks: tokens, dollars by caching, time. Those that failed are in them, with what they took; definitions are the part of the input that they and the instructions make', sumColumns(facts), many)}${
    facts.modes.includes('classic')
      ? toTable(
          'Against classic, over the tasks that both solved',
          changeColumns(),
          many.map(({ title, rows }) => ({ title, rows: rows.filter(({ mode }) => mode !== 'classic') })),
        )
      : undefined
  }<h3>For each kind</h3>${facts.kinds.map(
    (kind) =>
      markup`<details><summary>${kind}</summary>${toTable(
        `Sums over the tasks of kind ${kind}`,
        sumColumns(facts),
        facts.sizes.map((tools) => ({ title: toCountOf(tools, 'tool'), rows: totalsOf(facts, tools, kind) })),
      )}</details>`,
  )}</section>`
}

function totalsOf({ modes, totalOf }: Facts, tools: number, kind: TaskKind | 'all'): readonly Total[] {
  return modes.flatMap((mode) => totalOf(tools, mode, kind) ?? [])
}

function sumColumns({ report }: Facts): readonly Column<Total>[] {
  return [
    { title: 'mode', cell: ({ mode }) => mode },
    {
      title: 'solved',
      cell: ({ solved, tasks }) =>
        solved === tasks
          ? `${toCount(solved)} of ${toCount(tasks)}`
          : markup`<span class="m">${toCount(solved)} of ${toCount(tasks)}</span>`,
    },
    { title: 'turns', cell: ({ turns }) => toCount(turns) },
    { title: 'calls', cell: ({ calls }) => toCount(calls) },
    { title: 'input', cell: ({ input }) => toCount(input) },
    { title: 'definitions', cell: ({ head, input }) => toShare(head / Math.max(1, input)) },
    { title: 'output', cell: ({ output }) => toCount(output) },
    { title: 'cost, none', cell: ({ cost }) => toDollars(cost.none) },
    { title: 'cost, cold', cell: ({ cost }) => toDollars(cost.cold) },
    { title: 'cost, warm', cell: ({ cost }) => toDollars(cost.warm) },
    { title: `time, ${TIME_CACHING}`, cell: ({ wallMs }) => toTime(wallMs) },
    ...(report.isTimed ? [{ title: 'measured', cell: ({ toolMs }: Total) => toTime(toolMs) }] : []),
  ]
}

function changeColumns(): readonly Column<Total>[] {
  return [
    { title: 'mode', cell: ({ mode }) => mode },
    { title: 'tasks compared', cell: ({ ratios }) => toCount(ratios?.tasks ?? 0) },
    ...CHANGES.map(({ title, of }): Column<Total> => ({
      title,
      cell: ({ ratios }) => toSigned(ratios === undefined ? undefined : of(ratios), toChange),
    })),
  ]
}
