import { createRequire } from 'node:module'

import { pino } from 'pino'
import type { build } from 'pino-pretty'

/** Levels of the configuration; pino's, without the ones that nobody needs here. */
export type LogLevel = 'silent' | 'error' | 'warn' | 'info' | 'debug'

/** Writes one line. The detail comes first and never holds arguments, results or credentials. */
type WriteLine = (detail: object, message: string) => void

/** The log of the gateway. Goes to the error output: the standard output may belong to a protocol. */
export interface Log {
  readonly error: WriteLine
  readonly warn: WriteLine
  readonly info: WriteLine
  readonly debug: WriteLine
  /** False where what is given to `debug` is written nowhere: then it need not be made. Absent: true. */
  readonly isDebugging?: boolean
}

/** Loaded only for a terminal: a service has no use for it, and it takes memory. */
function createPrettyStream(...options: Parameters<typeof build>): ReturnType<typeof build> {
  const pretty = createRequire(import.meta.url)('pino-pretty') as { readonly build: typeof build }
  return pretty.build(...options)
}

/** Makes the log: lines for people on a terminal, JSON lines for programs. */
export function createLog(level: LogLevel, isTerminal: boolean): Log {
  const logger = isTerminal
    ? pino(
        { level, base: null },
        createPrettyStream({ colorize: true, destination: 2, sync: true, translateTime: 'HH:MM:ss' }),
      )
    : pino(
        { level, base: null, formatters: { level: (label) => ({ level: label }) } },
        pino.destination({ dest: 2, sync: true }),
      )
  return {
    error: (detail, message) => logger.error(detail, message),
    warn: (detail, message) => logger.warn(detail, message),
    info: (detail, message) => logger.info(detail, message),
    debug: (detail, message) => logger.debug(detail, message),
    isDebugging: logger.isLevelEnabled('debug'),
  }
}
