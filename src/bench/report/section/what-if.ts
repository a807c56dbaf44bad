import { SUPPOSITIONS, whatIf, type WhatIf } from '../../analysis/what-if.ts'
import type { Facts } from '../facts.ts'
import { toChange, toCount } from '../numbers.ts'
import { markup, type Markup } from '../page/markup.ts'
import { toSigned } from '../page/signed.ts'
import { toTable, type Column } from '../page/table.ts'

/** How much hangs on what a provider does with definitions, and is not counted. */
export function toWhatIf({ report }: Facts): Markup | undefined {
  const rows = whatIf(report)
  if (rows.length === 0) return undefined
  return markup`<h3>What if</h3>${toTable<WhatIf>(
    'Input tokens of code against classic, if each request had more tokens in every mode, or all definitions half of theirs',
    [
      { title: 'tools', cell: ({ tools }) => toCount(tools) },
      ...SUPPOSITIONS.map(({ name, label }): Column<WhatIf> => ({
        title: label,
        cell: ({ ratios }) => toSigned(ratios[name], toChange),
      })),
    ],
    [{ rows }],
  )}`
}
