import { hash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

import { GatewayError, toGatewayError } from '../core/errors.ts'
import type { Standing, Standings } from '../core/identity.ts'
import type { Principal } from '../core/principal.ts'
import type { Logins } from './logins.ts'

/** What is looked at to find out who sent a request. Its path, its query and all other headers say nothing. */
export interface Arrival {
  readonly headers: IncomingHttpHeaders
  readonly socket?: { readonly remoteAddress?: string | undefined }
}

/** Finds out who sent a request. @throws GatewayError `unauthorized`, `key_revoked`, `rate_limited`, `store_unusable` */
export type Authenticate = (arrival: Arrival) => Principal

/** Virtual keys, as authentication asks for them. */
export interface KnownKeys extends Standings {
  /** Whose a secret is; undefined where it is nobody's. @throws GatewayError `key_revoked`, `store_unusable` */
  readonly authenticate: (secret: string) => Principal | undefined
}

export interface AuthParts {
  /** SHA-256 of the one token that the door has of its own, hexadecimal. */
  readonly tokenHash: string
  /** Whoever sends that token. */
  readonly holder?: Principal
  /** Absent: nobody has a virtual key. */
  readonly keys?: KnownKeys
  /** Counts a request against the rates of all levels. @throws GatewayError `rate_limited` */
  readonly takeRequest?: (standing: Standing) => void
  /** Hears of those who come in, and of those who do not. */
  readonly logins?: Logins
}

/** Headers that a credential may stand in. */
const HEADERS = ['authorization', 'x-api-key', 'x-isogate-key'] as const

/** Longer than any credential: nobody makes the gateway hash more. */
const MAX_CREDENTIAL = 4_096

const TOKEN_HOLDER: Principal = Object.freeze({ id: 'token', kind: 'token' })
const NO_LEVELS: Standing = Object.freeze({ levels: Object.freeze([]) })

/** The hash under which a token is kept; the token itself is nowhere. */
export function hashToken(token: string): string {
  return hash('sha256', token)
}

/** Accepts the one token with the hash. */
export function createTokenAuth(tokenHash: string): Authenticate {
  return createAuth({ tokenHash })
}

/**
 * Accepts the token of the door or a virtual key. Compares hashes, the token's in constant time; keys are looked up by their hash, which
 * nobody can choose. Nothing is remembered between two requests: a look costs a microsecond or two, and what is revoked is refused at once.
 */
export function createAuth(parts: AuthParts): Authenticate {
  const { keys, takeRequest, logins, holder = TOKEN_HOLDER } = parts
  const expected = Buffer.from(parts.tokenHash, 'latin1')
  return (arrival) => {
    let principal: Principal | undefined
    let standing = NO_LEVELS
    try {
      const credential = readCredential(arrival.headers)
      if (isSame(expected, Buffer.from(hashToken(credential), 'latin1'))) principal = holder
      else {
        principal = keys?.authenticate(credential)
        if (principal === undefined || keys === undefined)
          throw new GatewayError(
            'unauthorized',
            'The credential is neither the token of this gateway nor a key of it.',
          )
        standing = keys.of(principal)
      }
      // Within: that somebody comes too often is a refusal too, and is recorded as one.
      takeRequest?.(standing)
    } catch (thrown) {
      logins?.refused(toGatewayError(thrown).code, principal, arrival.socket?.remoteAddress)
      throw thrown
    }
    logins?.accepted(principal, standing)
    return principal
  }
}

/**
 * The one credential of a request. Headers that disagree leave open who is meant, and another door behind a proxy might read the other
 * one: so they are refused.
 *
 * @throws GatewayError `unauthorized`
 */
function readCredential(headers: IncomingHttpHeaders): string {
  let found: string | undefined
  for (const name of HEADERS) {
    const value = headers[name]
    if (value === undefined) continue
    const credential = typeof value === 'string' ? credentialIn(name, value) : undefined
    if (credential === undefined)
      throw new GatewayError('unauthorized', `The header ${name} holds no credential.`)
    if (found !== undefined && !isSame(Buffer.from(found), Buffer.from(credential)))
      throw new GatewayError('unauthorized', 'The request carries two credentials that are not the same.')
    found = credential
  }
  if (found === undefined)
    throw new GatewayError(
      'unauthorized',
      'The Authorization header is missing, and so are x-api-key and x-isogate-key.',
    )
  return found
}

/** Undefined where it is none, or where a header was sent twice: then there is a comma and a space in it. */
function credentialIn(name: (typeof HEADERS)[number], value: string): string | undefined {
  if (value.length > MAX_CREDENTIAL + 64) return undefined
  const pattern = name === 'authorization' ? /^Bearer +(\S+) *$/i : /^(\S+)$/
  const credential = pattern.exec(value)?.[1]
  return credential === undefined || credential.length > MAX_CREDENTIAL ? undefined : credential
}

function isSame(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}
