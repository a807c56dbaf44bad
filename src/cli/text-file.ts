import { resolve } from 'node:path'

import { GatewayError } from '../core/errors.ts'
import { toLine } from './output/printable.ts'
import type { CliPorts } from './ports.ts'

/** Reads a file that somebody named. @throws GatewayError `file_unreadable` */
export async function readTextFile(
  { readFile, cwd }: CliPorts,
  file: string,
  maxBytes: number,
): Promise<string> {
  const read = await readFile(resolve(cwd, file), maxBytes)
  if (read.kind === 'text') return read.text
  const reason = read.kind === 'missing' ? 'there is no such file' : read.reason
  throw new GatewayError('file_unreadable', `${toLine(file, 200)} cannot be read: ${reason}.`)
}

/** Writes a file that somebody named, over one that is there. @throws GatewayError `file_unwritable` */
export async function writeTextFile({ writeFile, cwd }: CliPorts, file: string, text: string): Promise<void> {
  const written = await writeFile(resolve(cwd, file), text, {})
  if (written.kind === 'failed')
    throw new GatewayError('file_unwritable', `${toLine(file, 200)} cannot be written: ${written.reason}.`)
}
