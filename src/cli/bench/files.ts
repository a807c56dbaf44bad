import { resolve } from 'node:path'

import { GatewayError } from '../../core/errors.ts'
import { toLine } from '../output/printable.ts'
import type { BenchHost, CliPorts } from '../ports.ts'

/** Adds to a file that somebody named, or makes it. @throws GatewayError `file_unwritable` */
export async function appendTextFile(
  { cwd }: CliPorts,
  { appendText }: BenchHost,
  file: string,
  text: string,
  isPrivate = false,
): Promise<void> {
  const written = await appendText(resolve(cwd, file), text, { isPrivate })
  if (written.kind === 'failed')
    throw new GatewayError('file_unwritable', `${toLine(file, 200)} cannot be written: ${written.reason}.`)
}

/**
 * Finds out whether a file can be written, before anything is played for it. One of an earlier run stays until there is another one to put
 * into its place.
 *
 * @throws GatewayError `file_unwritable`
 */
export async function probeFile(ports: CliPorts, host: BenchHost, file: string | undefined): Promise<void> {
  if (file !== undefined) await appendTextFile(ports, host, file, '')
}
