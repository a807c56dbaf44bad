import type { Outcome } from './outcome.ts'
import type { RequirementSet, Suite } from './suite.ts'

/** What is to be run of one revision. */
export interface SetRun {
  readonly suite: Suite
  readonly set: RequirementSet
  readonly title: string
  /** Only this one. */
  readonly scenario?: string
  /** The file with the failures that are known. */
  readonly expectedFailures?: string
  /** Tells what is run now. */
  readonly say: (scenario: string) => void
}

/** How a run of one revision went. */
export interface SetReport {
  readonly title: string
  /** Of the scenarios that count. */
  readonly outcomes: readonly Outcome[]
  readonly unscored: readonly Outcome[]
  /** Failures that were expected, as `scenario` or `scenario:check`. */
  readonly expected: readonly string[]
  /** Failures that were expected and did not come. */
  readonly stale: readonly string[]
  /** Why there is nothing to report. */
  readonly remark?: string
}

/** The figures of one report. */
export interface Tally {
  readonly passed: number
  readonly all: number
  readonly expected: number
  /** What is not as it was expected. */
  readonly wrong: number
}

const hasPassed = ({ failed, remark }: Outcome): boolean => failed.length === 0 && remark === undefined

/** The failures of one scenario that nobody expected. */
function unexpectedOf({ expected }: SetReport, outcome: Outcome): Outcome | undefined {
  if (expected.includes(outcome.scenario)) return undefined
  const failed = outcome.failed.filter(({ id }) => !expected.includes(`${outcome.scenario}:${id}`))
  return failed.length > 0 || outcome.remark !== undefined ? { ...outcome, failed } : undefined
}

/** Counts what passed and what is not as expected. */
export function tallyReport(report: SetReport): Tally {
  const { outcomes, stale, remark } = report
  const wrong = outcomes.filter((outcome) => unexpectedOf(report, outcome) !== undefined).length
  const passed = outcomes.filter(hasPassed).length
  return {
    passed,
    all: outcomes.length,
    expected: outcomes.length - passed - wrong,
    wrong: wrong + stale.length + (remark === undefined ? 0 : 1),
  }
}

/** Everything that is not as expected, with what the checks said. */
export function describeReport(report: SetReport): string {
  const lines: string[] = []
  if (report.remark !== undefined) lines.push(report.remark)
  for (const outcome of report.outcomes) {
    const unexpected = unexpectedOf(report, outcome)
    if (unexpected === undefined) continue
    lines.push(`  ✗ ${outcome.scenario}${outcome.remark === undefined ? '' : `: ${outcome.remark}`}`)
    for (const { id, message } of unexpected.failed) lines.push(`      ${id}: ${message}`)
  }
  for (const entry of report.stale) lines.push(`  ✗ ${entry} is expected to fail and passes: remove it`)
  const others = report.unscored.filter((outcome) => !hasPassed(outcome)).map(({ scenario }) => scenario)
  if (report.unscored.length > 0)
    lines.push(
      `  not scored: ${report.unscored.length - others.length} of ${report.unscored.length} pass` +
        (others.length > 0 ? `; not ${others.join(', ')}` : ''),
    )
  return lines.join('\n')
}

/** A table of all reports. */
export function describeAll(reports: readonly SetReport[]): string {
  const rows = reports.map((report) => {
    const { passed, all, expected, wrong } = tallyReport(report)
    return [report.title, `${passed} / ${all}`, String(expected), String(wrong)]
  })
  const head = ['suite', 'scored scenarios passed / all', 'expected failures', 'not as expected']
  const widths = head.map((title, index) =>
    Math.max(title.length, ...rows.map((row) => row[index]?.length ?? 0)),
  )
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
