import { createPrivateKey, createPublicKey, generateKeyPairSync, hash, type KeyObject } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { GatewayError } from '../core/errors.ts'
import { makeSecretFile, readSecretFile, warnOfReaders, writingSecretFile } from '../secrets/secret-file.ts'

/** What signs the chain: an Ed25519 key, outside of the store. */
export interface SigningKey {
  /** SHA-256 of the public key in DER (SPKI), hexadecimal, the first 16 digits. */
  readonly id: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

/** The public halves of the keys that may have signed, by their ids. */
export type TrustedKeys = ReadonlyMap<string, KeyObject>

/** Told where the file can be read by others: it still works, and an operator should know. */
export type Warn = (message: string) => void

/** Where the key is, where the configuration names no other place. */
export function auditKeyFile(stateFolder: string): string {
  return join(stateFolder, 'audit.key')
}

/** The public half, beside the key, for whoever verifies elsewhere. */
export function publicKeyFile(keyFile: string): string {
  return `${keyFile}.pub`
}

/**
 * Reads the key that signs, and makes one where there is none, with its public half beside it. A file that is there and holds no such key
 * is never replaced: what it signed could no longer be verified.
 *
 * @param file Absolute, Ed25519 in PEM (PKCS #8).
 * @throws GatewayError `audit_unavailable`, `state_unwritable`
 */
export function loadSigningKey(file: string, warn: Warn): SigningKey {
  const key = readKey(file) ?? makeKey(file)
  warnOfReaders(file, warn)
  return key
}

/**
 * The keys of texts in PEM, private or public, for `verifyAudit`.
 *
 * @throws GatewayError `audit_unavailable` where one of them is no Ed25519 key
 */
export function parseTrustedKeys(
  texts: readonly { readonly name: string; readonly pem: string }[],
): TrustedKeys {
  return new Map(
    texts.map(({ name, pem }) => {
      const key = parse(name, () => createPublicKey(pem))
      return [keyIdOf(key), key]
    }),
  )
}

/** A key for a store that is gone when the process ends. */
export function newSigningKey(): SigningKey {
  return toSigningKey(generateKeyPairSync('ed25519').privateKey)
}

function toSigningKey(privateKey: KeyObject): SigningKey {
  const publicKey = createPublicKey(privateKey)
  return Object.freeze({ id: keyIdOf(publicKey), privateKey, publicKey })
}

function keyIdOf(publicKey: KeyObject): string {
  return hash('sha256', publicKey.export({ type: 'spki', format: 'der' })).slice(0, 16)
}

function readKey(file: string): SigningKey | undefined {
  const pem = readSecretFile(file, 'audit_unavailable')
  return pem === undefined ? undefined : toSigningKey(parse(file, () => createPrivateKey(pem)))
}

/** Never says a text back: it may be a private key. */
function parse(name: string, read: () => KeyObject): KeyObject {
  let key: KeyObject | undefined
  try {
    key = read()
  } catch {
    // What OpenSSL says of it helps nobody.
  }
  if (key?.asymmetricKeyType === 'ed25519') return key
  throw new GatewayError('audit_unavailable', `${name} holds no Ed25519 key in PEM.`)
}

/** Of two processes that start at once the first one makes the key, and the other takes it. */
function makeKey(file: string): SigningKey {
  const made = newSigningKey()
  return writingSecretFile(file, () => {
    const pem = made.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    if (!makeSecretFile(file, pem, made.id)) {
      const other = readKey(file)
      if (other === undefined)
        throw new GatewayError('audit_unavailable', `${file} was there, and is gone again.`)
      return other
    }
    writeFileSync(publicKeyFile(file), made.publicKey.export({ type: 'spki', format: 'pem' }), {
      mode: 0o644,
    })
    return made
  })
}
