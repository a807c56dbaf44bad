import { judgeTargets } from '../../bench/analysis/targets.ts'
import { makeReport } from '../../bench/make-report.ts'
import { createMeter } from '../../bench/play/meter.ts'
import type { BenchReport, LatencyParameters } from '../../bench/points.ts'
import { toHtml } from '../../bench/report/html.ts'
import { toTerminal } from '../../bench/report/terminal/text.ts'
import { createLog } from '../../telemetry/log.ts'
import { toJsonText } from '../output/printable.ts'
import type { CliPorts, ExitCode } from '../ports.ts'
import { during } from '../session.ts'
import { writeTextFile } from '../text-file.ts'
import type { PlayOptions } from './options.ts'
import { findSubject } from './subject.ts'

/** How a verb plays. */
export interface PlayKind {
  readonly latency: LatencyParameters
  /** Time is measured, and with it the figures differ from run to run. */
  readonly isTimed: boolean
  readonly repeats?: number
}

/** Plays the tasks, prints what came of it, and writes the files that were asked for. */
export async function play(ports: CliPorts, options: PlayOptions, kind: PlayKind): Promise<ExitCode> {
  const { stdout, stderr } = ports
  const log = createLog(options.logLevel ?? 'silent', stderr.isTerminal)
  const host = await ports.openBench(log)
  const { latency, isTimed, repeats } = kind
  const subject = await findSubject(ports, options, log)
  const report = await during(ports, 'Playing tasks', (say) =>
    makeReport({
      ...subject,
      modes: options.modes,
      pricing: options.prices,
      latency,
      meter: createMeter(host.count),
      tokenizer: host.tokenizer,
      made: host.made,
      openStage: host.openStage,
      signal: ports.interrupted,
      ...(isTimed ? { clock: host.clock } : {}),
      ...(repeats === undefined ? {} : { repeats }),
      ...(options.parallelCalls === undefined ? {} : { parallelCalls: options.parallelCalls }),
      onProgress: ({ tools, world, done, total }) =>
        say(`Playing tasks: ${done} of ${total} parts, now ${world} at ${tools} tools`),
    }),
  )
  if (options.out !== undefined) await writeTextFile(ports, options.out, `${JSON.stringify(report)}\n`)
  if (options.report !== undefined) await writeTextFile(ports, options.report, toHtml(report))
  stdout.write(options.json === true ? `${toJsonText(report, stdout)}\n` : `${toTerminal(report, stdout)}\n`)
  return options.check === true && !isGood(report) ? 1 : 0
}

function isGood(report: BenchReport): boolean {
  return (
    report.points.every(({ ok }) => ok) &&
    judgeTargets(report).every(({ ok, isRequired }) => ok || !isRequired)
  )
}
