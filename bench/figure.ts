import { styleText } from 'node:util'

/** One measured figure. `ok` is false where it misses its target; a figure without a target is for information. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** Largest value that is still good. */
  readonly target?: number
  readonly ok: boolean
  /** Where the figure needs a word: what exactly was measured. */
  readonly note?: string
}

/** Makes a figure that should not be above its target. */
export function figure(name: string, value: number, unit: string, target?: number, note?: string): Figure {
  return {
    name,
    value: Math.round(value * 1_000) / 1_000,
    unit,
    ...(target === undefined ? {} : { target }),
    ok: target === undefined || value <= target,
    ...(note === undefined ? {} : { note }),
  }
}

/** Prints figures as a table. */
export function printFigures(figures: readonly Figure[]): void {
  const width = Math.max(...figures.map(({ name }) => name.length))
  for (const { name, value, unit, target, ok, note } of figures) {
    const mark = target === undefined ? ' ' : ok ? styleText('green', '✓') : styleText('red', '✗')
    const goal = target === undefined ? '' : `  (target ≤ ${target})`
    const number = value.toLocaleString('en', { maximumFractionDigits: 2 }).padStart(9)
    console.log(
      `${mark} ${name.padEnd(width)} ${number} ${unit}${goal}${note === undefined ? '' : `  ${note}`}`,
    )
  }
}
