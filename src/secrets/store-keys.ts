import { join } from 'node:path'

import { GatewayError } from '../core/errors.ts'
import { KEY_BYTES } from './seal.ts'
import {
  makeSecretFile,
  readSecretFile,
  replaceSecretFile,
  warnOfReaders,
  writingSecretFile,
} from './secret-file.ts'

const FILE_NAME = 'store.key'
/** As many as the configuration takes. */
const MAX_KEYS = 16
const KEY_LINE = /^[A-Za-z0-9+/]{43}=$/

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
  warnOfReaders(file, warn)
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
  writingSecretFile(file, () => replaceSecretFile(file, toText(keys), markOf(random)))
  return keys
}

function readKeys(file: string): readonly Buffer[] | undefined {
  const lines = readSecretFile(file, 'sealed')?.split(/\r?\n/)
  if (lines === undefined) return undefined
  return parseKeys(
    lines.filter((line) => line.trim() !== ''),
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
  return writingSecretFile(file, () => {
    if (makeSecretFile(file, toText(made), markOf(random))) return made
    const other = readKeys(file)
    if (other === undefined) throw new GatewayError('sealed', `${file} was there, and is gone again.`)
    return other
  })
}

function toText(keys: readonly Uint8Array[]): string {
  return keys.map((key) => `${Buffer.from(key).toString('base64')}\n`).join('')
}

function markOf(random: StoreKeyPorts['random']): string {
  return Buffer.from(random(6)).toString('hex')
}
