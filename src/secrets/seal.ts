import { createCipheriv, createDecipheriv, createSecretKey, hash, type KeyObject } from 'node:crypto'

import { GatewayError } from '../core/errors.ts'
import type { Seal } from '../core/seal.ts'

/** Bytes of a key of AES-256. */
export const KEY_BYTES = 32

const CIPHER = 'aes-256-gcm'
/** 96 bits, as NIST SP 800-38D recommends it for random nonces; good for 2^32 values under one key. */
const NONCE_BYTES = 12
const TAG_BYTES = 16
const PREFIX = 's1.'
/** Whatever begins so was sealed, or pretends to be. */
const SEALED = /^s1\.([0-9a-f]{8})\.([A-Za-z0-9_-]+)$/

/**
 * Encrypts texts for the store with AES-256-GCM. A sealed text is `s1.<key>.<nonce, ciphertext and tag in base64url>`, the key being
 * named by the beginning of its hash. `about` says what the text belongs to and is authenticated with it: a sealed text that is put into
 * another row does not open there.
 *
 * A text from before there was a seal opens as itself. One that begins like a sealed text never does: otherwise a broken value
 * would be taken for a plain one.
 *
 * @param keys 32 bytes each; the first one seals, all of them open.
 * @param random Makes so many bytes that nobody can guess and that never repeat.
 * @throws GatewayError `sealed`, from here where a key is none, and from `open` where a text was changed or its key is missing
 */
export function createSeal(keys: readonly Uint8Array[], random: (bytes: number) => Uint8Array): Seal {
  const known = new Map(keys.map((key) => [keyId(key), toSecretKey(key)]))
  const [first] = known
  if (first === undefined) throw new GatewayError('sealed', 'There is no key to encrypt values with.')
  const [currentId, currentKey] = first

  return {
    seal(text, about) {
      const nonce = random(NONCE_BYTES)
      const cipher = createCipheriv(CIPHER, currentKey, nonce, { authTagLength: TAG_BYTES })
      cipher.setAAD(Buffer.from(about))
      const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return `${PREFIX}${currentId}.${sealed.toString('base64url')}`
    },

    open(text, about) {
      if (!text.startsWith(PREFIX)) return text
      const [, id = '', body = ''] = SEALED.exec(text) ?? []
      const key = known.get(id)
      if (key === undefined)
        throw unreadable(about, id === '' ? 'it is damaged' : `its key ${id} is not there`)
      const bytes = Buffer.from(body, 'base64url')
      // Shorter than nonce and tag, it would be opened with a tag of fewer bytes, which is easier to guess. And one value has one form.
      const isWhole = bytes.length >= NONCE_BYTES + TAG_BYTES && bytes.toString('base64url') === body
      if (!isWhole) throw unreadable(about, 'it is damaged')
      const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      })
      decipher.setAAD(Buffer.from(about)).setAuthTag(bytes.subarray(-TAG_BYTES))
      try {
        const plain = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES))
        return Buffer.concat([plain, decipher.final()]).toString('utf8')
      } catch (cause) {
        throw unreadable(about, 'it was changed, or belongs elsewhere', cause)
      }
    },
  }
}

/** Names a key without telling anything of it: the first 8 hexadecimal digits of its SHA-256. */
export function keyId(key: Uint8Array): string {
  return hash('sha256', key).slice(0, 8)
}

function toSecretKey(key: Uint8Array): KeyObject {
  if (key.length !== KEY_BYTES)
    throw new GatewayError('sealed', `A key for stored values has ${key.length} bytes and not ${KEY_BYTES}.`)
  return createSecretKey(key)
}

function unreadable(about: string, why: string, cause?: unknown): GatewayError {
  return new GatewayError('sealed', `The stored value ${about.slice(0, 200)} cannot be read: ${why}.`, {
    cause,
  })
}
