import { styleText } from 'node:util'

import { toText } from '../figure.ts'
import { RULE, type Change, type Comparison } from './comparison.ts'

/** Prints what has changed; what is only told stands beside what is judged. */
export function printComparison({ changes, regressions }: Comparison, against: string): void {
  console.log(`\nCompared with ${against}`)
  const width = Math.max(0, ...changes.map(({ name }) => name.length))
  for (const change of changes)
    console.log(`${markOf(change)} ${change.name.padEnd(width)} ${describe(change)}`)
  console.log(
    `${RULE}\n${regressions.length === 0 ? 'No regression.' : `Regressions: ${regressions.length}.`}`,
  )
}

function markOf({ finding, isJudged }: Change): string {
  if (finding === 'worse') return isJudged ? styleText('red', '✗') : styleText('yellow', '!')
  if (finding === 'better') return styleText('green', '+')
  return isJudged && finding === 'same' ? styleText('green', '=') : ' '
}

function describe({ before, after, unit, worseBy, limit, finding, isJudged }: Change): string {
  const values = `${toNumber(before)} → ${toNumber(after)} ${unit}`
  if (worseBy === undefined || limit === undefined) return `${values}  ${finding}`
  const isPoints = unit === '%' || unit === 'points'
  const share = (value: number): string =>
    isPoints ? `${value.toFixed(2)} points` : `${(value * 100).toFixed(1)} %`
  const direction = worseBy > 0 ? 'worse' : 'better'
  const told = isJudged ? '' : ', told only'
  return `${values}  ${share(Math.abs(worseBy))} ${worseBy === 0 ? 'changed' : direction} (counts from ${share(limit)}${told})`
}

function toNumber(value: number | undefined): string {
  return value === undefined ? '-' : toText(value)
}
