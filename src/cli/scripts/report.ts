import { toLine } from '../output/printable.ts'
import { createStyle } from '../output/style.ts'
import type { Output } from '../ports.ts'
import type { ScriptReport } from '../../core/saved-scripts.ts'

const MAX_REASON = 400

/** Writes reports: a line each, and what is wrong below it. `tail` says what a script in order has to say. */
export function describeReports(
  scripts: readonly ScriptReport[],
  problems: readonly string[],
  output: Output,
  tail: (report: ScriptReport) => string,
): string {
  const { good, bad, warn } = createStyle(output)
  const width = Math.max(0, ...scripts.map(({ name }) => name.length))
  const lines = scripts.flatMap((report) => {
    const { name, state, reasons, behind, waitingFor } = report
    const isBad = state === 'broken' || state === 'unusable'
    const mark = isBad ? bad('✗') : state === 'waiting' ? warn('-') : good('✓')
    const said = isBad ? bad(state) : tail(report)
    return [
      `${mark} ${name.padEnd(width)}  ${said}`.trimEnd(),
      ...reasons.map((reason) => `    ${toLine(reason, MAX_REASON)}`),
      ...(state === 'waiting'
        ? [`    ${warn(`not compared: ${waitingFor.join(', ')} does not answer`)}`]
        : []),
      ...(behind.length === 0 || isBad
        ? []
        : [`    ${warn(`the lock is behind for ${behind.map((key) => toLine(key, 200)).join(', ')}`)}`]),
    ]
  })
  if (scripts.length === 0) lines.push('There are no saved scripts. `isogate scripts save` makes one.')
  return [...lines, ...problems.map((problem) => bad(toLine(problem, MAX_REASON)))].join('\n')
}

/** True where somebody has to do something. */
export function isAnyBroken(scripts: readonly ScriptReport[], problems: readonly string[]): boolean {
  return problems.length > 0 || scripts.some(({ state }) => state === 'broken' || state === 'unusable')
}
