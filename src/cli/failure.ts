import { inspect } from 'node:util'

import { describeError, GatewayError, toGatewayError } from '../core/errors.ts'
import { toJsonText, toPrintable } from './output/printable.ts'
import type { CliPorts, ExitCode } from './ports.ts'

/** A failure of the command line itself, before or beside the gateway: the table of errors has no code for it. */
export class CliFailure extends Error {
  override readonly name = 'CliFailure'
  readonly exitCode: ExitCode

  /** @param exitCode 2 where the command was not written as it should be. */
  constructor(exitCode: 1 | 2, message: string) {
    super(message)
    this.exitCode = exitCode
  }
}

/** Prints why a verb failed and returns its exit code. With `asJson` the standard output gets it as JSON too. */
export function reportFailure(ports: CliPorts, thrown: unknown, asJson: boolean): ExitCode {
  if (thrown instanceof CliFailure) {
    ports.stderr.write(`isogate: ${toPrintable(thrown.message)}\n`)
    if (asJson)
      writeJson(ports, { code: thrown.exitCode === 2 ? 'usage' : 'failed', message: thrown.message })
    return thrown.exitCode
  }
  const error = toGatewayError(thrown, thrown instanceof GatewayError ? undefined : ports.newId())
  ports.stderr.write(`isogate: ${toPrintable(describeError(error))}\n`)
  if (ports.showsStacks) ports.stderr.write(`${toPrintable(stackOf(error))}\n`)
  else if (error.code === 'internal')
    ports.stderr.write('Run it again with --log-level debug for the details.\n')
  if (asJson) {
    const { code, message, detail, entry } = error
    writeJson(ports, { code, message, remedy: entry.remedy, retryable: entry.retryable, detail })
  }
  return 1
}

function writeJson(ports: CliPorts, error: object): void {
  ports.stdout.write(`${toJsonText({ error }, ports.stdout)}\n`)
}

function stackOf(error: Error): string {
  const own = error.stack ?? String(error)
  const { cause } = error
  if (cause === undefined) return own
  return `${own}\nCaused by: ${cause instanceof Error ? stackOf(cause) : inspect(cause)}`
}
