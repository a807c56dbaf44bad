import { hash } from 'node:crypto'

/** What the secrets of virtual keys begin with, so that scanners of repositories know one when they see it. */
const PREFIX = 'isk_'
const SECRET_BYTES = 32
const HINT_LENGTH = 8

/** Bytes that nobody can guess. */
export type RandomBytes = (count: number) => Buffer

/** Makes the secret of a virtual key. It is shown once and kept nowhere. */
export function makeSecret(random: RandomBytes): string {
  return `${PREFIX}${random(SECRET_BYTES).toString('base64url')}`
}

/** True for what may be the secret of a key of the store: all of those are made here. */
export function isMade(secret: string): boolean {
  return secret.startsWith(PREFIX)
}

/** SHA-256, hexadecimal: enough for what has 256 random bits, and the same for a key that the configuration declares. */
export function hashSecret(secret: string): string {
  return hash('sha256', secret)
}

/** The first characters, by which a person tells keys apart. */
export function hintOf(secret: string): string {
  return secret.slice(0, HINT_LENGTH)
}
