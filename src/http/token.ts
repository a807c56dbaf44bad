import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { GatewayError } from '../core/errors.ts'
import { hashToken } from './auth.ts'

/** A token of a door: the file of its hash, and what it begins with. */
export interface TokenKind {
  readonly file: string
  readonly prefix: string
}

/** The token of the gateway. */
const GATEWAY_TOKEN: TokenKind = { file: 'token.sha256', prefix: 'isg_' }

/** The token of administrators. */
export const ADMIN_TOKEN: TokenKind = { file: 'admin.sha256', prefix: 'isa_' }

/** The token of a gateway: always its hash, and the token itself in the moment in which it is made. */
export interface GatewayToken {
  readonly hash: string
  readonly fresh?: string
}

/**
 * Reads the hash of the token from the state folder; makes a token where there is none yet, or where a new one is wanted.
 * The file holds only a hash: whoever reads it cannot call the gateway.
 *
 * @throws GatewayError `state_unwritable`
 */
export function loadToken(
  stateFolder: string,
  makeNew: boolean,
  kind: TokenKind = GATEWAY_TOKEN,
): GatewayToken {
  const file = join(stateFolder, kind.file)
  const known = makeNew ? undefined : readHash(file)
  if (known !== undefined) return { hash: known }
  const fresh = `${kind.prefix}${randomBytes(24).toString('base64url')}`
  const hash = hashToken(fresh)
  try {
    mkdirSync(stateFolder, { recursive: true, mode: 0o700 })
    writeFileSync(file, `${hash}\n`, { mode: 0o600 })
    chmodSync(file, 0o600)
  } catch (cause) {
    throw new GatewayError('state_unwritable', `${file} cannot be written.`, { cause })
  }
  return { hash, fresh }
}

function readHash(file: string): string | undefined {
  try {
    const text = readFileSync(file, 'utf8').trim()
    return /^[0-9a-f]{64}$/.test(text) ? text : undefined
  } catch {
    return undefined
  }
}
