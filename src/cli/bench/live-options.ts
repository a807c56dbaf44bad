import { Option, type Command } from 'commander'

import { UsageError } from '../failure.ts'
import type { LiveModelParts } from '../ports.ts'
import { DEFAULT_SIZES, parseRepeats, type PlayOptions } from './options.ts'

/** Options of plays by a live model. Only `model` says that there is one. */
export interface LiveOptions {
  readonly model?: string
  readonly endpoint?: string
  readonly api?: LiveModelParts['api']
  readonly keyEnv?: string
  readonly repeats?: number
  readonly costLimit?: number
  readonly temperature?: number
  readonly transcripts?: string
}

/** What a live model is asked to play, and how it is reached. */
export interface LiveWish {
  readonly model: LiveModelParts
  /** Without the rest of the address, which may hold a credential. */
  readonly host: string
  readonly tools: number
  readonly repeats: number
  readonly maxDollars: number
}

const DEFAULT_TOOLS = 508
const DEFAULT_REPEATS = 3
const DEFAULT_MAX_DOLLARS = 5
const KEY_VARIABLES = { openai: 'OPENAI_API_KEY', anthropic: 'ANTHROPIC_API_KEY' } as const
/** Without `model` they would have no meaning. */
const FLAGS = {
  endpoint: '--endpoint',
  api: '--api',
  keyEnv: '--key-env',
  repeats: '--repeats',
  costLimit: '--cost-limit',
  temperature: '--temperature',
  transcripts: '--transcripts',
} as const

/** Adds the options of plays by a live model. */
export function withLiveOptions(command: Command): Command {
  return command
    .option('--model <name>', 'let this live model play; it costs money')
    .option('--endpoint <url>', 'with --model: where it is, as https://api.openai.com/v1')
    .addOption(
      new Option(
        '--api <name>',
        'with --model: the format that it speaks (default: anthropic at anthropic.com, else openai)',
      ).choices(['openai', 'anthropic']),
    )
    .option(
      '--key-env <variable>',
      'with --model: the environment variable with its key (default: OPENAI_API_KEY or ANTHROPIC_API_KEY)',
    )
    .addOption(
      new Option(
        '--repeats <n>',
        `with --model: how often each task is played in each mode (default: ${DEFAULT_REPEATS})`,
      ).argParser(parseRepeats),
    )
    .addOption(
      new Option(
        '--cost-limit <dollars>',
        `with --model: what all plays may cost, by --prices (default: ${DEFAULT_MAX_DOLLARS})`,
      ).argParser(parseCostLimit),
    )
    .addOption(
      new Option('--temperature <number>', 'with --model: from 0 to 2 (default: its own)').argParser(
        parseTemperature,
      ),
    )
    .option('--transcripts <file>', 'with --model: write what was said, a line of JSON for each play')
}

/** Refuses options that say something about a live model where there is none. @throws UsageError */
export function refuseLiveOptions(options: LiveOptions): void {
  for (const [name, flag] of Object.entries(FLAGS))
    if (options[name as keyof typeof FLAGS] !== undefined)
      throw new UsageError(`${flag} is for a live model: name it with --model.`)
}

/**
 * Makes a wish out of the options.
 *
 * @throws UsageError that says what is missing, and quotes neither the address nor the key
 */
export function toLiveWish(
  options: PlayOptions & LiveOptions,
  model: string,
  env: Readonly<Record<string, string | undefined>>,
): LiveWish {
  const { endpoint, temperature } = options
  if (model.trim() === '') throw new UsageError('--model: the name of a model, as its provider spells it.')
  refuseSimulated(options)
  const tools = toTools(options.sizes)
  const url = endpoint === undefined ? undefined : URL.parse(endpoint)
  if (endpoint === undefined)
    throw new UsageError(
      '--model: say where it is with --endpoint, as https://api.openai.com/v1 or https://api.anthropic.com.',
    )
  if (!url || !/^https?:$/.test(url.protocol))
    throw new UsageError('--endpoint: an address that begins with https:// or http://.')
  const api = options.api ?? (/(?:^|\.)anthropic\.com$/.test(url.hostname) ? 'anthropic' : 'openai')
  return {
    model: {
      api,
      url: endpoint,
      model,
      apiKey: readKey(api, options.keyEnv, env),
      ...(temperature === undefined ? {} : { temperature }),
    },
    host: url.host,
    tools,
    repeats: options.repeats ?? DEFAULT_REPEATS,
    maxDollars: options.costLimit ?? DEFAULT_MAX_DOLLARS,
  }
}

function refuseSimulated({ report, parallelCalls }: PlayOptions): void {
  if (report !== undefined)
    throw new UsageError('--report has no charts of a live model: leave it out, and take --out.')
  if (parallelCalls !== undefined)
    throw new UsageError(
      '--parallel-calls is not for a live model, which makes as many as it likes: leave it out.',
    )
}

function toTools(sizes: readonly number[]): number {
  if (sizes === DEFAULT_SIZES) return DEFAULT_TOOLS
  const [tools, ...more] = sizes
  if (tools === undefined || more.length > 0)
    throw new UsageError('--sizes: a live model plays at one number of tools, as 508.')
  return tools
}

function readKey(
  api: LiveModelParts['api'],
  keyEnv: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string {
  // Whoever takes it for the option of the key itself must not find the key in a log.
  if (keyEnv !== undefined && !/^[A-Za-z_][A-Za-z0-9_]*$/.test(keyEnv))
    throw new UsageError('--key-env: the name of an environment variable, never the key itself.')
  const key = env[keyEnv ?? KEY_VARIABLES[api]]
  if (key !== undefined && key !== '') return key
  throw new UsageError(
    keyEnv === undefined
      ? `--model: put its key into the environment variable ${KEY_VARIABLES[api]}, or name another one with --key-env. Where it needs none, any word will do.`
      : '--key-env: there is nothing in the environment variable of this name. Put the key of the model into it; where it needs none, any word will do.',
  )
}

function parseCostLimit(text: string): number {
  const dollars = Number(text)
  if (!(dollars > 0) || dollars > 1e6)
    throw new UsageError(`--cost-limit: dollars, above 0, as 2.50; not "${text}".`)
  return dollars
}

function parseTemperature(text: string): number {
  const temperature = text.trim() === '' ? Number.NaN : Number(text)
  if (!(temperature >= 0 && temperature <= 2))
    throw new UsageError(`--temperature: a number from 0 to 2, not "${text}".`)
  return temperature
}
