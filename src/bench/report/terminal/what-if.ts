import { SUPPOSITIONS, whatIf, type WhatIf } from '../../analysis/what-if.ts'
import type { Facts } from '../facts.ts'
import { toChange, toCount } from '../numbers.ts'
import { toLines, type TextColumn } from './columns.ts'
import { toTyped, wrap, type Screen } from './plain.ts'

/** How much hangs on what a provider does with definitions, and is not counted. */
export function toWhatIfLines({ report }: Facts, screen: Screen): readonly string[] {
  const rows = whatIf(report)
  if (rows.length === 0) return []
  return [
    ...wrap(
      'Input of code against classic, what if every mode had more tokens in each request, or its definitions half of theirs:',
      screen,
    ),
    ...toLines<WhatIf>(
      [
        { title: 'TOOLS', cell: ({ tools }) => toCount(tools) },
        ...SUPPOSITIONS.map(({ name, label }): TextColumn<WhatIf> => ({
          title: label.toUpperCase(),
          cell: ({ ratios }) => toTyped(toChange(ratios[name])),
          ...(name === 'as-counted' ? { spare: 1 } : {}),
        })),
      ],
      rows,
      screen,
    ),
  ]
}
