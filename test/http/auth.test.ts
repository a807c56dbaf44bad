import { readFileSync } from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http'

import { describe, expect, test } from 'vitest'

import { describeError, GatewayError } from '../../src/core/errors.ts'
import { createTokenAuth, hashToken } from '../../src/http/auth.ts'
import type { Principal } from '../../src/core/principal.ts'

const TOKEN = 'isg_right-token'
const authenticate = createTokenAuth(hashToken(TOKEN))

/** The principal, or the refusal. */
function outcome(authorization: string | undefined): Principal | GatewayError {
  try {
    return authenticate({ headers: authorization === undefined ? {} : { authorization } })
  } catch (thrown) {
    if (thrown instanceof GatewayError) return thrown
    throw thrown
  }
}

test.each([`Bearer ${TOKEN}`, `bearer ${TOKEN}`, `BEARER   ${TOKEN}`, `Bearer ${TOKEN} `])(
  'the right token makes a principal: %s',
  (authorization) => {
    expect(outcome(authorization)).toEqual({ id: 'token', kind: 'token' })
  },
)

describe('refused', () => {
  test.each([
    ['nothing', undefined],
    ['an empty header', ''],
    ['no token', 'Bearer'],
    ['only blanks', `Bearer ${' '.repeat(100_000)}`],
    ['another scheme', `Basic ${TOKEN}`],
    ['the token alone', TOKEN],
    ['two tokens', `Bearer ${TOKEN} ${TOKEN}`],
    ['a wrong token', 'Bearer isg_wrong-token'],
    ['a beginning of the token', `Bearer ${TOKEN.slice(0, -1)}`],
    ['the token and more', `Bearer ${TOKEN}x`],
    ['the hash instead of the token', `Bearer ${hashToken(TOKEN)}`],
    ['an enormous token', `Bearer ${'x'.repeat(1_000_000)}`],
  ])('%s, without saying it back', (_what, authorization) => {
    const refusal = outcome(authorization)
    expect(refusal).toMatchObject({ code: 'unauthorized' })
    const said = describeError(refusal as GatewayError) + JSON.stringify((refusal as GatewayError).detail)
    expect(said).not.toContain(TOKEN)
    expect(said).not.toContain('wrong-token')
    expect(said).not.toContain(hashToken(TOKEN))
  })

  test('everything, where the hash is broken', () => {
    for (const hash of ['', 'zz', hashToken(TOKEN).slice(2), hashToken('')]) {
      expect(() => createTokenAuth(hash)({ headers: { authorization: `Bearer ${TOKEN}` } })).toThrow(
        GatewayError,
      )
      expect(() => createTokenAuth(hash)({ headers: { authorization: 'Bearer ' } })).toThrow(GatewayError)
    }
  })
})

describe('three headers', () => {
  test.each(['authorization', 'x-api-key', 'x-isogate-key'])('%s carries a credential', (name) => {
    const value = name === 'authorization' ? `Bearer ${TOKEN}` : TOKEN
    expect(authenticate({ headers: { [name]: value } })).toEqual({ id: 'token', kind: 'token' })
  })

  test('may say the same twice', () => {
    const headers = { authorization: `Bearer ${TOKEN}`, 'x-api-key': TOKEN, 'x-isogate-key': TOKEN }
    expect(authenticate({ headers })).toEqual({ id: 'token', kind: 'token' })
  })

  test.each<[string, IncomingHttpHeaders]>([
    ['the right one and a wrong one', { authorization: `Bearer ${TOKEN}`, 'x-api-key': 'isk_wrong' }],
    ['a wrong one and the right one', { authorization: 'Bearer isk_wrong', 'x-isogate-key': TOKEN }],
    ['the right one and another scheme', { authorization: 'Basic dXNlcjpwYXNz', 'x-api-key': TOKEN }],
    ['the right one and an empty one', { authorization: `Bearer ${TOKEN}`, 'x-api-key': '' }],
    ['one that was sent twice', { 'x-api-key': `${TOKEN}, ${TOKEN}` }],
    ['a list', { 'x-isogate-key': [TOKEN, TOKEN] }],
    ['a scheme where none belongs', { 'x-api-key': `Bearer ${TOKEN}` }],
    [
      'other headers',
      { 'x-auth-token': TOKEN, cookie: `token=${TOKEN}`, 'proxy-authorization': `Bearer ${TOKEN}` },
    ],
    ['the word of somebody in between', { 'x-forwarded-user': 'token', 'x-isogate-principal': 'key:ci' }],
  ])('do not let in %s', (_what, headers) => {
    expect(() => authenticate({ headers })).toThrow(expect.objectContaining({ code: 'unauthorized' }))
  })
})

test('credentials are compared in constant time', () => {
  // A property of time cannot be tested by its time: the comparison must be the one of node:crypto, over hashes.
  const source = readFileSync(new URL('../../src/http/auth.ts', import.meta.url), 'utf8')
  expect(source).toMatch(/isSame\(expected, .*timingSafeEqual\(a, b\)/s)
  expect(source).not.toMatch(
    /[=!]==?\s*(?:expected|hashed|found|credential|tokenHash)\b(?!\.)|\.startsWith\(|\.includes\(/,
  )
})
