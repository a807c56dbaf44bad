import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { Json } from '../../src/core/json.ts'
import { createRedactor } from '../../src/secrets/redactor.ts'

const stdio = (env: Record<string, string>, args: string[] = []) => ({ kind: 'stdio' as const, env, args })
const http = (url: string, headers: Record<string, string> = {}) => ({ kind: 'http' as const, url, headers })

const SECRET = 'sk-9f/8+7"6\\5 4ü'
const { text, json, isInBytes } = createRedactor([stdio({ API_KEY: SECRET })])

/** Ways in which a server writes what it was given. */
const FORMS: Readonly<Record<string, string>> = {
  plain: SECRET,
  'in the middle of a text': `the key is ${SECRET}, sir`,
  'percent-encoded': encodeURIComponent(SECRET),
  'percent-encoded in small letters': encodeURIComponent(SECRET).replaceAll(/%../g, (part) =>
    part.toLowerCase(),
  ),
  'as a form sends it': new URLSearchParams({ SECRET }).toString(),
  base64: Buffer.from(SECRET).toString('base64'),
  base64url: Buffer.from(SECRET).toString('base64url'),
  'base64 of user and password': Buffer.from(`me:${SECRET}`).toString('base64'),
  'base64 of a whole environment': Buffer.from(`HOME=/root\nAPI_KEY=${SECRET}\nTERM=dumb\n`).toString(
    'base64',
  ),
}

/** Ways in which JSON is written. */
const WRITERS: Readonly<Record<string, (value: Json) => string>> = {
  'as Node does': (value) => JSON.stringify(value),
  'with indentation': (value) => JSON.stringify(value, null, 2),
  'in ASCII, as Python does': (value) => toAscii(JSON.stringify(value)),
  'in ASCII in capitals': (value) => toAscii(JSON.stringify(value)).replaceAll(/\\u[0-9a-f]{4}/g, upperCased),
  'with slashes escaped, as PHP does': (value) => toAscii(JSON.stringify(value)).replaceAll('/', '\\/'),
  'with escapes where none are needed': (value) =>
    JSON.stringify(value).replaceAll(/[a-z&+/-]/g, (character) => toAscii(character, /./g)),
}

describe.each(Object.entries(FORMS))('a secret %s', (_form, written) => {
  test('is taken out of a text', () => {
    const clean = text(written)
    expect(clean).toContain('[redacted]')
    for (const part of [SECRET, '9f/8+7', '9f%2F8']) expect(clean).not.toContain(part)
    expect(text(clean)).toBe(clean)
  })

  test('is taken out of a value, wherever it stands', () => {
    const value = { a: [1, null, { [written]: true }], b: { c: written }, d: 'kept' }
    const clean = json(value)
    const all = JSON.stringify(clean)
    expect(all).not.toContain(JSON.stringify(written).slice(1, -1))
    expect(all.match(/\[redacted\]/g)).toHaveLength(2)
    expect(clean).toMatchObject({ d: 'kept', a: [1, null, {}] })
  })

  test.each(Object.entries(WRITERS))('is found in the bytes of JSON %s', (_writer, write) => {
    const bytes = write({ content: [{ type: 'text', text: written }] })
    expect(JSON.parse(bytes)).toEqual({ content: [{ type: 'text', text: written }] })
    expect(isInBytes(Buffer.from(bytes))).toBe(true)
  })
})

test('what holds no secret is the same object', () => {
  const value = { content: [{ type: 'text', text: 'sk-9f' }], deep: [[['x']]] }
  expect(json(value)).toBe(value)
  expect(isInBytes(Buffer.from(JSON.stringify(value)))).toBe(false)
})

test('no text keeps a secret, whatever stands around it and however often', () => {
  const secrets = ['aabbaa', 'abbaab', 'aabbaabbaa']
  const redactor = createRedactor([
    stdio(Object.fromEntries(secrets.map((secret, index) => [`KEY${index}`, secret]))),
  ])
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', 'b', '"'), maxLength: 60 }), (given) => {
      const clean = redactor.text(given)
      for (const secret of secrets) expect(clean).not.toContain(secret)
      expect(redactor.isInBytes(Buffer.from(JSON.stringify([given])))).toBe(clean !== given)
    }),
  )
})

test('a value that is nested without end costs neither the stack nor the secret', () => {
  let value: Json = SECRET
  for (let level = 0; level < 50_000; level++) value = [value]
  const clean: unknown = json(value)
  expect(JSON.stringify(clean)).toContain('[redacted]')
  expect(JSON.stringify(clean)).not.toContain('9f/8')
})

test('a member that is called __proto__ stays a member', () => {
  const value = JSON.parse(`{"__proto__": {"polluted": ${JSON.stringify(SECRET)}}, "x": 1}`) as Json
  expect(JSON.stringify(json(value))).toBe('{"__proto__":{"polluted":"[redacted]"},"x":1}')
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
})

describe('what is a secret', () => {
  const isSecret = (part: string, ...servers: Parameters<typeof createRedactor>[0]) =>
    createRedactor(servers).text(`<${part}>`) === '<[redacted]>'

  test.each<[string, string, Parameters<typeof createRedactor>[0][number]]>([
    ['a variable with a telling name', 'hunter22', stdio({ DB_PASSWORD: 'hunter22' })],
    ['the password in an address', 'p@ss%word', stdio({ DATABASE_URL: 'postgres://me:p%40ss%25word@db/x' })],
    ['an address with a password', 'redis://:hunter22@db', stdio({ REDIS: 'redis://:hunter22@db' })],
    ['the argument of an option', 'abc123def', stdio({}, ['--api-key', 'abc123def'])],
    ['the argument of an option after =', 'abc123def', stdio({}, ['--token=abc123def'])],
    ['a bearer token alone', 'abc123def', http('http://h/', { Authorization: 'Bearer abc123def' })],
    ['the whole header', 'Bearer abc123def', http('http://h/', { Authorization: 'Bearer abc123def' })],
    [
      'a password of Basic',
      'pa:ssword',
      http('http://h/', { Authorization: `Basic ${btoa('me:pa:ssword')}` }),
    ],
    ['a cookie', 'abc123def', http('http://h/', { Cookie: 'theme=dark; session=abc123def' })],
    ['any header that is not harmless', 'team-42-x', http('http://h/', { 'X-Team': 'team-42-x' })],
    ['a value of a query', 'abc 123def', http('http://h/?k=abc%20123def')],
    ['a word of a query under a telling name', 'swordfish', http('http://h/?token=swordfish')],
    ['a password of an address', 'hun%ter', http('http://me:hun%25ter@h/')],
    ['a random part of a path', 'a8Fk29xQmmZ0pLw4', http('http://h/s/a8Fk29xQmmZ0pLw4/mcp')],
  ])('%s', (_what, part, server) => {
    expect(isSecret(part, server)).toBe(true)
  })

  test.each<[string, string, Parameters<typeof createRedactor>[0][number]]>([
    ['a variable with another name', 'production', stdio({ NODE_ENV: 'production' })],
    ['the file in which one stands', '/run/secrets/key.pem', stdio({ SSL_KEY_FILE: '/run/secrets/key.pem' })],
    ['a short value', 'abc12', stdio({ API_KEY: 'abc12' })],
    ['a harmless header', 'application/json', http('http://h/', { Accept: 'application/json' })],
    ['an ordinary word of a query', 'default', http('http://h/?profile=default')],
    ['a date of a query', '2025-11-25', http('http://h/?version=2025-11-25')],
    ['a scheme', 'Bearer', http('http://h/', { Authorization: 'Bearer abc123def' })],
    ['the host', 'internal-host-01', http('http://internal-host-01/')],
  ])('not %s', (_what, part, server) => {
    expect(isSecret(part, server)).toBe(false)
  })

  test('of all servers together', () => {
    const both = [stdio({ API_KEY: 'abc123def' }), http('http://h/?token=fed321cba')]
    expect(createRedactor(both).text('abc123def fed321cba')).toBe('[redacted] [redacted]')
  })

  test('nothing, where there is none', () => {
    const idle = createRedactor([stdio({ HOME: '/root' }), http('http://h/')])
    expect(idle.isIdle).toBe(true)
    expect(idle.text('text')).toBe('text')
    expect(idle.isInBytes(Buffer.from('{}'))).toBe(false)
  })
})

function toAscii(value: string, which = /[^\0-\x7f]/g): string {
  return value.replaceAll(which, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function upperCased(escape: string): string {
  return `\\u${escape.slice(2).toUpperCase()}`
}
