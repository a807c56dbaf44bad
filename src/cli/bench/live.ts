import { createLiveStages, type LiveStages } from '../../bench/live/live-stages.ts'
import { DEFAULT_PLAY_LIMITS } from '../../bench/live/play-live.ts'
import { toLiveReport, type LiveReport } from '../../bench/live/report.ts'
import { runLive, type LiveProgress } from '../../bench/live/run-live.ts'
import { toLiveText } from '../../bench/live/text.ts'
import { toTranscriptLine } from '../../bench/live/transcript.ts'
import { createLog } from '../../telemetry/log.ts'
import { toJsonText, toLine, toPrintable } from '../output/printable.ts'
import { startProgress } from '../output/progress.ts'
import { NOBODY_READS, type BenchHost, type CliPorts, type ExitCode } from '../ports.ts'
import { writeTextFile } from '../text-file.ts'
import { appendTextFile, probeFile } from './files.ts'
import { toLiveWish, type LiveOptions } from './live-options.ts'
import type { PlayOptions } from './options.ts'
import { findSubject } from './subject.ts'

const MAX_PROGRESS = 300

/**
 * Lets a live model play the tasks, prints what came of it, and writes the files that were asked for. From the first request on it costs
 * money: what can be known to be wrong is said before, and whatever ends the plays, what there is by then is printed.
 */
export async function playWithModel(
  ports: CliPorts,
  options: PlayOptions & LiveOptions,
  name: string,
): Promise<ExitCode> {
  const { stderr, env, interrupted } = ports
  const { model: reached, host: place, tools, repeats, maxDollars } = toLiveWish(options, name, env)
  const log = createLog(options.logLevel ?? 'silent', stderr.isTerminal)
  const host = await ports.openBench(log)
  const model = host.openModel(reached)
  const subject = await findSubject(ports, { ...options, sizes: [tools] }, log)
  const catalogTools = subject.sizes[0] ?? tools
  const tell = await openTranscripts(ports, host, options)
  const stages = createLiveStages({ ...subject, tools: catalogTools, openStage: host.openStage })
  const { api, temperature } = reached
  const { modes, prices: pricing } = options
  const progress = startTelling(ports, `Playing tasks with ${name} at ${place}`)
  try {
    const played = await runLive({
      tasks: stages.tasks,
      modes,
      repeats,
      model,
      stageOf: stages.stageOf,
      limits: DEFAULT_PLAY_LIMITS,
      maxDollars,
      pricing,
      clock: host.clock,
      signal: interrupted,
      onProgress: (now) => progress.say(toWords(now)),
      onPlay: (play, transcript) => tell(toTranscriptLine(play, transcript)),
    })
    progress.stop()
    const report = toLiveReport(played, {
      made: host.made,
      model: { api, name, host: place, ...(temperature === undefined ? {} : { temperature }) },
      catalog: { source: subject.sourceName, tools: played.plays[0]?.tools ?? catalogTools },
      tasks: stages.tasks.map((task) => ({ name: task.name, kind: task.kind, goal: task.goal })),
      modes,
      repeats,
      limits: DEFAULT_PLAY_LIMITS,
      maxDollars,
      pricing,
    })
    return await finish(ports, options, report)
  } finally {
    progress.stop()
    await closeQuietly(stages)
  }
}

/** Prints first: a file that cannot be written must not swallow what was paid for. */
async function finish(ports: CliPorts, options: PlayOptions, report: LiveReport): Promise<ExitCode> {
  const { stdout, interrupted } = ports
  stdout.write(
    options.json === true
      ? `${toJsonText(report, stdout)}\n`
      : `${toPrintable(toLiveText(report)).trimEnd()}\n`,
  )
  if (options.out !== undefined) await writeTextFile(ports, options.out, `${JSON.stringify(report)}\n`)
  if (interrupted.aborted) return interrupted.reason === NOBODY_READS ? 0 : 130
  const { why } = report.end
  if (why === 'provider' || why === 'fault') return 1
  return options.check === true && !isGood(report) ? 1 : 0
}

function isGood({ end, plays }: LiveReport): boolean {
  return end.why === 'done' && plays.every(({ ok }) => ok)
}

/**
 * Finds out whether the files that were asked for can be written, before anything is paid for. A file of an earlier run stays until there is
 * another one to put into its place; transcripts begin anew.
 */
async function openTranscripts(
  ports: CliPorts,
  host: BenchHost,
  { out, transcripts }: Pick<PlayOptions & LiveOptions, 'out' | 'transcripts'>,
): Promise<(line: string) => Promise<void>> {
  await probeFile(ports, host, out)
  if (transcripts === undefined) return () => Promise.resolve()
  const append = (text: string): Promise<void> => appendTextFile(ports, host, transcripts, text, true)
  // Before its content goes, a new one is made for its owner only: results of tools stand in it.
  await append('')
  await writeTextFile(ports, transcripts, '')
  return append
}

function toWords({ task, mode, repeat, done, total, dollars }: LiveProgress): string {
  return `Play ${done + 1} of ${total}: ${task} in mode ${mode}, time ${repeat}; $${dollars.toFixed(4)} spent so far`
}

/** A spinner on a terminal. Elsewhere a line for each play: it takes long and costs money, and somebody may read the log. */
function startTelling(
  ports: CliPorts,
  text: string,
): { readonly say: (text: string) => void; readonly stop: () => void } {
  const { stderr } = ports
  if (stderr.isTerminal) return startProgress(ports, text)
  return { say: (said) => stderr.write(`${toLine(said, MAX_PROGRESS)}\n`), stop: () => {} }
}

/** What was played is printed by then; that a server does not end as it should is no news about a model. */
async function closeQuietly(stages: LiveStages): Promise<void> {
  await stages.close().catch(() => {})
}
