import { styleText } from 'node:util'

import { median, relativeSpread } from './statistics.ts'

/** Which values are good. */
export type Better = 'lower' | 'higher'

/** One measured figure. `ok` is false where it misses its target; a figure without a target is for information. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** The last value that is still good: the largest, or the smallest where higher is better. */
  readonly target?: number
  readonly ok: boolean
  /** Where the figure needs a word: what exactly was measured. */
  readonly note?: string
  /** The noise that was measured with it, as a share of the value: `relativeSpread` over rounds of the same run. */
  readonly spread?: number
  /** Absent: lower, and without a target nothing is promised about it. */
  readonly better?: Better
}

/** What a figure may have besides. */
export interface FigureDetails {
  readonly target?: number | undefined
  readonly note?: string | undefined
  readonly spread?: number | undefined
  readonly better?: Better | undefined
}

/** Makes a figure that should not be above its target. */
export function figure(name: string, value: number, unit: string, target?: number, note?: string): Figure {
  return detailedFigure(name, value, unit, { target, note })
}

/** Makes a figure out of the same measurement in several rounds: their median, with its noise. */
export function figureOfRounds(
  name: string,
  rounds: readonly number[],
  unit: string,
  details: FigureDetails = {},
): Figure {
  return detailedFigure(name, median(rounds), unit, { spread: relativeSpread(rounds), ...details })
}

/** Makes a figure with all that may be said of it. */
export function detailedFigure(name: string, value: number, unit: string, details: FigureDetails): Figure {
  const { target, note, spread, better } = details
  return {
    name,
    value: round(value),
    unit,
    ...(target === undefined ? {} : { target }),
    ok: target === undefined || (better === 'higher' ? value >= target : value <= target),
    ...(note === undefined ? {} : { note }),
    // JSON knows no infinity.
    ...(spread === undefined || !Number.isFinite(spread) ? {} : { spread: round(spread) }),
    ...(better === undefined ? {} : { better }),
  }
}

/** Three digits behind the point; of small values four that count, or a ratio of 0.008 could not be compared. */
function round(value: number): number {
  return Math.abs(value) < 1 ? Number(value.toPrecision(4)) : Math.round(value * 1_000) / 1_000
}

/** A value for people. */
export function toText(value: number): string {
  const digits = Math.abs(value) < 0.1 ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: 2 }
  return value.toLocaleString('en', digits)
}

/** Prints figures as a table. */
export function printFigures(figures: readonly Figure[]): void {
  const width = Math.max(...figures.map(({ name }) => name.length))
  for (const { name, value, unit, target, ok, note, spread, better } of figures) {
    const mark = target === undefined ? ' ' : ok ? styleText('green', '✓') : styleText('red', '✗')
    const noise = spread === undefined ? '' : ` ± ${(spread * 100).toFixed(1)} %`
    const goal = target === undefined ? '' : `  (target ${better === 'higher' ? '≥' : '≤'} ${target})`
    const number = toText(value).padStart(9)
    const what = note === undefined ? '' : `  ${note}`
    console.log(`${mark} ${name.padEnd(width)} ${number} ${unit}${noise}${goal}${what}`)
  }
}
