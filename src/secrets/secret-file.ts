import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'

import type { ErrorCode } from '../core/error-table.ts'
import { GatewayError } from '../core/errors.ts'

/** Reading and writing for others than the owner. */
const OPEN_TO_OTHERS = 0o077

/**
 * The text of a file that holds a secret; undefined where there is none.
 *
 * @throws GatewayError with the code, where it is there and cannot be read
 */
export function readSecretFile(file: string, code: ErrorCode): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    const { code: reason = 'unknown error' } = cause as NodeJS.ErrnoException
    if (reason === 'ENOENT') return undefined
    throw new GatewayError(code, `${file} cannot be read: ${reason}.`, { cause })
  }
}

/** Tells where the file can be read by others: it still works, and an operator should know. */
export function warnOfReaders(file: string, warn: (message: string) => void): void {
  if (process.platform !== 'win32' && (statSync(file).mode & OPEN_TO_OTHERS) !== 0)
    warn(`${file} can be read by others than its owner; it should have the mode 600.`)
}

/**
 * Makes a file that holds a secret, whole and on the disk, or not at all.
 *
 * @param mark of this try: two that happen at once have different ones
 * @returns false where somebody else has made it meanwhile, which is left as it is
 * @throws what the file system threw
 */
export function makeSecretFile(file: string, text: string, mark: string): boolean {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const draft = writeBeside(file, text, mark)
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    unlinkSync(draft)
  }
}

/** Puts another text into the place of a file, whole and on the disk. @throws what the file system threw */
export function replaceSecretFile(file: string, text: string, mark: string): void {
  renameSync(writeBeside(file, text, mark), file)
}

/** Does something that writes the file. @throws GatewayError `state_unwritable`, and GatewayErrors of the work as they are */
export function writingSecretFile<Value>(file: string, write: () => Value): Value {
  try {
    return write()
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause
    throw new GatewayError('state_unwritable', `${file} cannot be written.`, { cause })
  }
}

/** Half a key after a power cut would cost everything that it was used for. */
function writeBeside(file: string, text: string, mark: string): string {
  const draft = `${file}.${mark}`
  const handle = openSync(draft, 'wx', 0o600)
  try {
    writeSync(handle, text)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  return draft
}
