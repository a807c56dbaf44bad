import { hash, timingSafeEqual } from 'node:crypto'

import { GatewayError } from '../core/errors.ts'
import type { Principal } from '../core/principal.ts'

/** Finds out who sent a request. @throws GatewayError `unauthorized` */
export type Authenticate = (authorization: string | undefined) => Principal

/** The hash under which a token is kept; the token itself is nowhere. */
export function hashToken(token: string): string {
  return hash('sha256', token)
}

/** Accepts the one bearer token with the hash. Compares hashes in constant time. */
export function createTokenAuth(tokenHash: string): Authenticate {
  const expected = Buffer.from(tokenHash, 'hex')
  const principal: Principal = Object.freeze({ id: 'token', kind: 'token' })
  return (authorization) => {
    const token = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1]
    if (token === undefined)
      throw new GatewayError('unauthorized', 'The Authorization header is missing or no bearer token.')
    const given = Buffer.from(hashToken(token), 'hex')
    if (expected.length !== given.length || !timingSafeEqual(expected, given)) {
      throw new GatewayError('unauthorized', 'The token is not the one of this gateway.')
    }
    return principal
  }
}
