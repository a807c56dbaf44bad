import { Option, type Command } from 'commander'

import { DEFAULT_LATENCY } from '../../bench/analysis/latency.ts'
import { DEFAULT_PRICING } from '../../bench/analysis/price.ts'
import type { LatencyParameters, Pricing } from '../../bench/points.ts'
import { MODES, type Mode } from '../../core/mode.ts'
import { UsageError } from '../failure.ts'
import { withConfigOption, type ConfigOptions } from '../verb.ts'

/** Options of verbs that play tasks. */
export interface PlayOptions extends ConfigOptions {
  readonly catalog?: string
  readonly sizes: readonly number[]
  readonly modes: readonly Mode[]
  readonly only?: string
  readonly tasks?: string
  readonly prices: Pricing
  readonly parallelCalls?: number
  readonly report?: string
  readonly out?: string
  readonly json?: boolean
  readonly check?: boolean
}

/** The value itself tells that nobody named any. */
export const DEFAULT_SIZES: readonly number[] = [10, 25, 50, 96, 251, 508, 1_000, 5_000]
const MAX_TOOLS = 10_000
/** Calls at once, and plays of a task. */
const MAX_WHOLE = 1_000

/** Adds the options of verbs that play tasks. */
export function withPlayOptions(command: Command): Command {
  return withConfigOption(command)
    .option(
      '--catalog <what>',
      'tools that stand beside those of the tasks: `servers` (those of the configuration, listed live), `generated`, or a JSON file with definitions (default: servers where there is a configuration, else generated)',
    )
    .addOption(
      new Option('--sizes <numbers>', 'numbers of tools, with commas between')
        .argParser(parseSizes)
        .default(DEFAULT_SIZES, DEFAULT_SIZES.join(',')),
    )
    .addOption(
      new Option('--modes <names>', 'modes, with commas between')
        .argParser(parseModes)
        .default(MODES.toSorted(), MODES.toSorted().join(',')),
    )
    .option('--only <name>', 'one task, or all of a kind')
    .option('--tasks <file>', 'your own tasks, in YAML or JSON, played on the servers of your configuration')
    .addOption(
      new Option(
        '--prices <dollars>',
        'of a million tokens: input, output, read from the cache, written to it',
      )
        .argParser(parsePrices)
        .default(
          DEFAULT_PRICING,
          [
            DEFAULT_PRICING.input,
            DEFAULT_PRICING.output,
            DEFAULT_PRICING.cacheRead,
            DEFAULT_PRICING.cacheWrite,
          ].join(','),
        ),
    )
    .addOption(
      new Option(
        '--parallel-calls <n>',
        'calls that a model makes in one turn at the most (default: all that do not depend on each other)',
      ).argParser(parseCalls),
    )
    .option('-r, --report <file>', 'write a report with charts, one HTML file')
    .option(
      '-o, --out <file>',
      'write everything as JSON, for `isogate bench compare` (which compares no plays of live models)',
    )
    .option('--json', 'print everything as JSON')
    .option(
      '--check',
      'judge the figures by what they should be, and exit with 1 where one is not or a task failed',
    )
}

/** Options with the parameters of the model's time. */
export interface LatencyOptions {
  readonly firstTokenMs: number
  readonly readPerSecond: number
  readonly cachedReadPerSecond: number
  readonly writePerSecond: number
  readonly turnMs: number
  readonly repeats: number
}

/** Adds the options with the parameters of the model's time. */
export function withLatencyOptions(command: Command): Command {
  const add = (flag: string, what: string, value: number): void => {
    command.addOption(new Option(flag, what).argParser(parsePositive).default(value))
  }
  add('--first-token-ms <ms>', 'until the first token of a short request', DEFAULT_LATENCY.firstTokenMs)
  add('--read-per-second <tokens>', 'input that is read in a second', DEFAULT_LATENCY.readPerSecond)
  add(
    '--cached-read-per-second <tokens>',
    'the same of input in the cache',
    DEFAULT_LATENCY.cachedReadPerSecond,
  )
  add('--write-per-second <tokens>', 'output that is written in a second', DEFAULT_LATENCY.writePerSecond)
  add('--turn-ms <ms>', 'of client and network, for each turn', DEFAULT_LATENCY.turnMs)
  return command.addOption(
    new Option('--repeats <n>', 'how often each task is played; the median counts')
      .argParser(parseRepeats)
      .default(3),
  )
}

/** The parameters out of the options. */
export function toLatency(options: LatencyOptions): LatencyParameters {
  const { firstTokenMs, readPerSecond, cachedReadPerSecond, writePerSecond, turnMs } = options
  return { firstTokenMs, readPerSecond, cachedReadPerSecond, writePerSecond, turnMs }
}

function parseSizes(text: string): readonly number[] {
  const sizes = text.split(',').map((part) => Number(part.trim()))
  const wrong = sizes.find((size) => !Number.isInteger(size) || size < 10 || size > MAX_TOOLS)
  if (wrong !== undefined)
    throw new UsageError(
      `--sizes: whole numbers from 10 (the tools of a task) to ${MAX_TOOLS}, as 10,100,500; not "${text}".`,
    )
  return [...new Set(sizes)].toSorted((a, b) => a - b)
}

function parseModes(text: string): readonly Mode[] {
  const names = text.split(',').map((part) => part.trim())
  const modes = MODES.filter((mode) => names.includes(mode))
  if (modes.length !== new Set(names).size)
    throw new UsageError(`--modes: some of ${MODES.join(', ')}; not "${text}".`)
  return modes
}

function parsePrices(text: string): Pricing {
  const [input, output, cacheRead, cacheWrite, ...more] = text.split(',').map((part) => Number(part.trim()))
  const isPrice = (value: number | undefined): value is number =>
    value !== undefined && value >= 0 && value < 1e6
  if (!isPrice(input) || !isPrice(output) || !isPrice(cacheRead) || !isPrice(cacheWrite) || more.length > 0)
    throw new UsageError(`--prices: four numbers, as 3,15,0.3,3.75; not "${text}".`)
  return { ...DEFAULT_PRICING, input, output, cacheRead, cacheWrite }
}

function parseCalls(text: string): number {
  return parseWhole('--parallel-calls', text)
}

/** So often a task is played, however it is played. @throws UsageError */
export function parseRepeats(text: string): number {
  return parseWhole('--repeats', text)
}

function parseWhole(flag: string, text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (!Number.isInteger(value) || value < 1 || value > MAX_WHOLE)
    throw new UsageError(`${flag}: a whole number from 1 to ${MAX_WHOLE}, not "${text}".`)
  return value
}

function parsePositive(text: string): number {
  const value = Number(text)
  if (!(value > 0) || value > 1e9) throw new UsageError(`A number above 0 is asked for, not "${text}".`)
  return value
}
