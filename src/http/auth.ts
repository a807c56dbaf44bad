import { hash, timingSafeEqual } from 'node:crypto'

import { GatewayError } from '../core/errors.ts'
import type { Principal } from '../core/principal.ts'

/** Finds out who sent a request. @throws GatewayError `unauthorized` */
export type Authenticate = (authorization: string | undefined) => Principal

/** The hash under which a token is kept; the token itself is nowhere. */
export function hashToken(token: string): string {
  return hash('sha256', token)
}

/**
 * Accepts the one bearer token with the hash. Compares in constant time: hashes, or, for the header that was accepted last,
 * the header as it is, which every later request of the same client carries.
 */
export function createTokenAuth(tokenHash: string): Authenticate {
  const expected = Buffer.from(tokenHash, 'hex')
  const principal: Principal = Object.freeze({ id: 'token', kind: 'token' })
  let accepted: Buffer | undefined
  return (authorization = '') => {
    if (accepted !== undefined && isSame(accepted, Buffer.from(authorization, 'latin1'))) return principal
    const token = /^Bearer +(\S+) *$/i.exec(authorization)?.[1]
    if (token === undefined)
      throw new GatewayError('unauthorized', 'The Authorization header is missing or no bearer token.')
    if (!isSame(expected, Buffer.from(hashToken(token), 'hex'))) {
      throw new GatewayError('unauthorized', 'The token is not the one of this gateway.')
    }
    accepted = Buffer.from(authorization, 'latin1')
    return principal
  }
}

function isSame(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}
