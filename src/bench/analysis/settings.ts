import type { BenchReport } from '../points.ts'
import { LATENCY_PARAMETERS } from './latency.ts'

/** A setting that differs; figures of reports with other settings may differ for that reason alone. */
export interface SettingChange {
  readonly name: string
  readonly before: string
  readonly after: string
}

/**
 * What two reports were made with and from, where it is not the same. What only one of both has, such as a task, is
 * not told here.
 */
export function settingsOf(before: BenchReport, after: BenchReport): readonly SettingChange[] {
  const is = toSettings(after)
  return [...toSettings(before)].flatMap(([name, value]) => {
    const now = is.get(name)
    return now === undefined || now === value ? [] : [{ name, before: value, after: now }]
  })
}

function toSettings(report: BenchReport): ReadonlyMap<string, string> {
  const { made, catalog, pricing, latency } = report
  return new Map<string, string>([
    ['version', made.version],
    ['tokenizer', report.tokenizer],
    ['catalog', catalog.source],
    ['sizes', catalog.sizes.map((size) => size.tools).join(', ')],
    ...catalog.sizes.map(({ tools, definitionTokens }): [string, string] => [
      `definition tokens of ${tools} tools`,
      String(definitionTokens),
    ]),
    ['modes', report.modes.join(', ')],
    ...(['input', 'output', 'cacheRead', 'cacheWrite', 'cacheMinTokens'] as const).map(
      (name): [string, string] => [`pricing ${name}`, String(pricing[name])],
    ),
    ...LATENCY_PARAMETERS.map((name): [string, string] => [`latency ${name}`, String(latency[name])]),
    ['times measured', report.isTimed ? 'yes' : 'no'],
    ['node', made.node],
    ['platform', made.platform],
    ['processor', `${made.cpus} x ${made.cpu}`],
    ...report.tasks.map(({ name, kind, goal }): [string, string] => [`goal of ${name}`, `${kind}: ${goal}`]),
  ])
}
