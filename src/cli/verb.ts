import { Option, type Command } from 'commander'

import type { LogLevel } from '../telemetry/log.ts'
import { reportFailure } from './failure.ts'
import { NOBODY_READS, type CliPorts, type ExitCode } from './ports.ts'

/** What a verb is added to: the program, and the way to tell how the verb ended. */
export interface VerbHost {
  readonly ports: CliPorts
  readonly end: (exitCode: ExitCode) => void
}

/** Options that every verb has. */
export interface CommonOptions {
  readonly logLevel?: LogLevel
}

/** Options of verbs that read the configuration. */
export interface ConfigOptions extends CommonOptions {
  readonly config?: string
}

/** Options of verbs that call something. */
export interface CallerOptions extends ConfigOptions {
  /** The name of a virtual key. */
  readonly as?: string
}

/** The levels of the log, as the configuration has them. */
const LOG_LEVELS: readonly LogLevel[] = ['silent', 'error', 'warn', 'info', 'debug']

const EXIT_CODES = `Exit codes:
  0    ok
  1    failed: the configuration, a server, a tool or the script
  2    the command was not written as it should be
  130  interrupted`

/** What is printed below the options of a verb. */
export interface VerbHelp {
  /** Paragraphs between the options and the examples. */
  readonly notes?: string
  /** A command and what it does. */
  readonly examples: readonly (readonly [command: string, meaning: string])[]
}

/** Gives a verb its option for the level of the log, and below its help examples and exit codes. */
export function describeVerb(command: Command, { notes, examples }: VerbHelp): Command {
  const width = Math.max(...examples.map(([text]) => text.length))
  const lines = examples.map(([text, meaning]) => `  ${text.padEnd(width)}  ${meaning}`)
  const parts = [...(notes === undefined ? [] : [notes]), ['Examples:', ...lines].join('\n'), EXIT_CODES]
  return command
    .addOption(
      new Option(
        '--log-level <level>',
        'what is logged to the error output; debug also shows stacks',
      ).choices(LOG_LEVELS),
    )
    .addHelpText('after', `\n${parts.join('\n\n')}`)
}

/** Adds the option that names the configuration. */
export function withConfigOption(command: Command): Command {
  return command.option(
    '-c, --config <file>',
    'configuration to use (default: isogate.yaml, .yml or .json in this folder, then $ISOGATE_CONFIG)',
  )
}

/** Adds the option that names who calls. */
export function withCallerOption(command: Command): Command {
  return withConfigOption(command).option(
    '--as <key>',
    'call as this virtual key, with its policy and limits (default: as the person at the command line)',
  )
}

/**
 * Makes the action of a verb: whatever it throws is printed, and its exit code becomes that of the program. An
 * interruption wins: what failed because of it is not told as a failure.
 */
export function act<Args extends readonly unknown[]>(
  { ports, end }: VerbHost,
  body: (...args: Args) => Promise<ExitCode>,
): (...args: [...Args, Command]) => Promise<void> {
  return async (...args) => {
    const command = args.at(-1) as Command
    const { interrupted } = ports
    try {
      end(await body(...(args.slice(0, -1) as unknown as Args)))
    } catch (thrown) {
      if (interrupted.aborted) end(interrupted.reason === NOBODY_READS ? 0 : 130)
      else end(reportFailure(ports, thrown, command.opts<{ json?: boolean }>().json === true))
    }
  }
}
