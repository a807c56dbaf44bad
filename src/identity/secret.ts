import { hash } from 'node:crypto'

const SECRET_BYTES = 32
const HINT_LENGTH = 8

/** What the secrets of virtual keys begin with, so that scanners of repositories know one when they see it. */
export const SECRET_PREFIX = 'isk_'

/** Bytes that nobody can guess. */
export type RandomBytes = (count: number) => Buffer

/** Makes the secret of a virtual key. It is shown once and kept nowhere. */
export function makeSecret(random: RandomBytes): string {
  return `${SECRET_PREFIX}${random(SECRET_BYTES).toString('base64url')}`
}

/** SHA-256, hexadecimal: enough for what has 256 random bits, and the same for a key that the configuration declares. */
export function hashSecret(secret: string): string {
  return hash('sha256', secret)
}

/** The first characters, by which a person tells keys apart. */
export function hintOf(secret: string): string {
  return secret.slice(0, HINT_LENGTH)
}
