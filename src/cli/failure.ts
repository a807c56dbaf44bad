import { inspect } from 'node:util'

import { describeError, GatewayError, toGatewayError } from '../core/errors.ts'
import { toJsonText, toPrintable } from './output/printable.ts'
import type { CliPorts, ExitCode } from './ports.ts'

/** A command that was not written as it should be. Ends with exit code 2; everything else is a GatewayError. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Prints why a verb failed and returns its exit code. With `asJson` the standard output gets it as JSON too. */
export function reportFailure(ports: CliPorts, thrown: unknown, asJson: boolean): ExitCode {
  if (thrown instanceof UsageError) {
    ports.stderr.write(`isogate: ${toPrintable(thrown.message)}\n`)
    if (asJson) writeJson(ports, { code: 'usage', message: thrown.message })
    return 2
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
