import { judgeTargets } from '../../bench/analysis/targets.ts'
import { makeReport } from '../../bench/make-report.ts'
import { createMeter } from '../../bench/play/meter.ts'
import type { BenchReport, LatencyParameters } from '../../bench/points.ts'
import { toHtml } from '../../bench/report/html.ts'
import { toTargetText } from '../../bench/report/terminal/targets.ts'
import { toTerminal } from '../../bench/report/terminal/text.ts'
import { createLog } from '../../telemetry/log.ts'
import { toJsonText, toLine } from '../output/printable.ts'
import { startProgress } from '../output/progress.ts'
import { createStyle } from '../output/style.ts'
import { NOBODY_READS, type CliPorts, type ExitCode } from '../ports.ts'
import { writeTextFile } from '../text-file.ts'
import { probeFile } from './files.ts'
import type { PlayOptions } from './options.ts'
import { findSubject } from './subject.ts'

/** How a verb plays. */
export interface PlayKind {
  readonly latency: LatencyParameters
  /** Time is measured, and with it the figures differ from run to run. */
  readonly isTimed: boolean
  readonly repeats?: number
}

/** Plays the tasks, prints what came of it, and writes the files that were asked for. Interrupted, it prints what was played by then. */
export async function play(ports: CliPorts, options: PlayOptions, kind: PlayKind): Promise<ExitCode> {
  const { stderr, interrupted } = ports
  const log = createLog(options.logLevel ?? 'silent', stderr.isTerminal)
  const host = await ports.openBench(log)
  const { latency, isTimed, repeats } = kind
  const subject = await findSubject(ports, options, log)
  await probeFile(ports, host, options.out)
  await probeFile(ports, host, options.report)
  const progress = startProgress(ports, 'Playing tasks')
  try {
    const report = await makeReport({
      ...subject,
      modes: options.modes,
      pricing: options.prices,
      latency,
      meter: createMeter(host.count),
      tokenizer: host.tokenizer,
      made: host.made,
      openStage: host.openStage,
      signal: interrupted,
      ...(isTimed ? { clock: host.clock } : {}),
      ...(repeats === undefined ? {} : { repeats }),
      ...(options.parallelCalls === undefined ? {} : { parallelCalls: options.parallelCalls }),
      onProgress: ({ tools, task, done, total }) =>
        progress.say(`Playing tasks: ${done} of ${total}, now ${toLine(task, 64)} at ${tools} tools`),
    })
    progress.stop()
    if (!interrupted.aborted) return await finish(ports, options, report)
    const plays = report.tasks.length * options.modes.length * subject.sizes.length
    return giveUp(ports, options, report, plays)
  } finally {
    progress.stop()
  }
}

/** Prints first: a file that cannot be written must not swallow what was played. */
async function finish(ports: CliPorts, options: PlayOptions, report: BenchReport): Promise<ExitCode> {
  const { stdout, stderr } = ports
  print(ports, options, report)
  // Beside JSON there is no place for words.
  if (options.check === true)
    (options.json === true ? stderr : stdout).write(`\n${toTargetText(report, stdout)}\n`)
  if (options.out !== undefined) await writeTextFile(ports, options.out, `${JSON.stringify(report)}\n`)
  if (options.report !== undefined) await writeTextFile(ports, options.report, toHtml(report))
  return options.check === true && !isGood(report) ? 1 : 0
}

/** A part must not be taken for all: files of an earlier run stay as they are. */
function giveUp(ports: CliPorts, options: PlayOptions, report: BenchReport, plays: number): ExitCode {
  const { stdout, stderr, interrupted } = ports
  if (interrupted.reason === NOBODY_READS) return 0
  const files = [options.out, options.report].flatMap((file) => (file === undefined ? [] : toLine(file, 200)))
  const told = `Interrupted: these are ${report.points.length} of ${plays} plays, and sums are of these alone.`
  if (options.json !== true) stdout.write(`${told}\n\n`)
  print(ports, options, report)
  const unwritten = files.length === 0 ? '' : ` Nothing is written into ${files.join(' and ')}.`
  stderr.write(`${createStyle(stderr).warn(`${told}${unwritten}`)}\n`)
  return 130
}

function print({ stdout }: CliPorts, { json = false }: PlayOptions, report: BenchReport): void {
  stdout.write(json ? `${toJsonText(report, stdout)}\n` : `${toTerminal(report, stdout)}\n`)
}

function isGood(report: BenchReport): boolean {
  const required = judgeTargets(report).filter(({ isRequired }) => isRequired)
  return required.length > 0 && required.every(({ ok }) => ok) && report.points.every(({ ok }) => ok)
}
