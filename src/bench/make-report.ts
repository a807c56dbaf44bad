import type { BenchReport, LatencyParameters, Made, Pricing } from './points.ts'
import { runBench, type BenchSetting } from './run.ts'

/** What a report says besides the points. */
export interface ReportSetting extends BenchSetting {
  readonly made: Made
  readonly tokenizer: string
  /** Where the tools that fill the catalog come from, in words. */
  readonly sourceName: string
  readonly pricing: Pricing
  readonly latency: LatencyParameters
}

/** Plays everything and writes down what came of it. @throws GatewayError where the source has too few tools */
export async function makeReport(setting: ReportSetting): Promise<BenchReport> {
  const { points, sizes, tasks } = await runBench(setting)
  return {
    format: 'isogate-bench/1',
    isTimed: setting.clock !== undefined,
    made: setting.made,
    tokenizer: setting.tokenizer,
    catalog: { source: setting.sourceName, sizes },
    tasks: tasks.map(({ name, kind, goal }) => ({ name, kind, goal })),
    modes: setting.modes,
    pricing: setting.pricing,
    latency: setting.latency,
    points,
  }
}
