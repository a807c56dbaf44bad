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
import { dirname, join } from 'node:path'

import { GatewayError } from '../core/errors.ts'
import { KEY_BYTES } from './seal.ts'

const FILE_NAME = 'store.key'
/** As many as the configuration takes. */
const MAX_KEYS = 16
const KEY_LINE = /^[A-Za-z0-9+/]{43}=$/
/** Reading and writing for others than the owner. */
const OPEN_TO_OTHERS = 0o077

/** What keys are made and read with. */
export interface StoreKeyPorts {
  readonly random: (bytes: number) => Uint8Array
  /** Told where the file can be read by others: it still works, and an operator should know. */
  readonly warn: (message: string) => void
}

/** The file of the keys in a state folder. */
export function storeKeyFile(stateFolder: string): string {
  return join(stateFolder, FILE_NAME)
}

/**
 * The keys that stored values are encrypted with, the one that encrypts first: those of the configuration, or those of `store.key` in the state
 * folder, base64, one in a line. The file is made at the first start, and never again where it is there and cannot be read: a new key
 * would leave everything that is stored unreadable.
 *
 * @param configured Base64, 32 bytes each. Absent: the file.
 * @throws GatewayError `sealed` where there is a file and no key in it, `state_unwritable`
 */
export function loadStoreKeys(
  stateFolder: string,
  configured: readonly string[] | undefined,
  { random, warn }: StoreKeyPorts,
): readonly Buffer[] {
  if (configured !== undefined) return parseKeys(configured, '`store.keys`')
  const file = storeKeyFile(stateFolder)
  const known = readKeys(file) ?? makeKeys(file, random)
  if (process.platform !== 'win32' && (statSync(file).mode & OPEN_TO_OTHERS) !== 0)
    warn(`${file} can be read by others than its owner; it should have the mode 600.`)
  return known
}

/**
 * Puts a new key before those of a file, so that from the next start on it encrypts; the others still decrypt.
 *
 * @throws GatewayError `sealed` where the file holds no keys or is full, `state_unwritable`
 */
export function addStoreKey(file: string, random: StoreKeyPorts['random']): readonly Buffer[] {
  const known = readKeys(file)
  if (known === undefined) throw new GatewayError('sealed', `${file} does not exist.`)
  if (known.length >= MAX_KEYS)
    throw new GatewayError('sealed', `${file} holds ${known.length} keys; it takes ${MAX_KEYS}.`)
  const keys = [Buffer.from(random(KEY_BYTES)), ...known]
  writing(file, () => renameSync(writeBeside(file, keys, random), file))
  return keys
}

function readKeys(file: string): readonly Buffer[] | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT') return undefined
    throw new GatewayError('sealed', `${file} cannot be read: ${code ?? 'unknown error'}.`, { cause })
  }
  return parseKeys(
    text.split(/\r?\n/).filter((line) => line.trim() !== ''),
    file,
  )
}

/** Never says a line back: it may be a key with one character too many. */
function parseKeys(lines: readonly string[], where: string): readonly Buffer[] {
  if (lines.length === 0) throw new GatewayError('sealed', `There is no key in ${where}.`)
  return lines.map((line, index) => {
    if (KEY_LINE.test(line.trim())) return Buffer.from(line.trim(), 'base64')
    throw new GatewayError('sealed', `Entry ${index + 1} of ${where} is not ${KEY_BYTES} bytes in base64.`)
  })
}

/** Of two processes that start at once the first one makes the key, and the other takes it. */
function makeKeys(file: string, random: StoreKeyPorts['random']): readonly Buffer[] {
  const made = [Buffer.from(random(KEY_BYTES))]
  return writing(file, () => {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    const draft = writeBeside(file, made, random)
    try {
      linkSync(draft, file)
      return made
    } catch (error) {
      const other = readKeys(file)
      if (other === undefined) throw error
      return other
    } finally {
      unlinkSync(draft)
    }
  })
}

/** Writes to a file of its own and to the disk: a file that is only half a key after a power cut would cost the whole store. */
function writeBeside(file: string, keys: readonly Uint8Array[], random: StoreKeyPorts['random']): string {
  const draft = `${file}.${Buffer.from(random(6)).toString('hex')}`
  const handle = openSync(draft, 'wx', 0o600)
  try {
    writeSync(handle, keys.map((key) => `${Buffer.from(key).toString('base64')}\n`).join(''))
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  return draft
}

function writing<T>(file: string, write: () => T): T {
  try {
    return write()
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause
    throw new GatewayError('state_unwritable', `${file} cannot be written.`, { cause })
  }
}
