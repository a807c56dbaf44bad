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

  const RANDOM = 'a8Fk29xQmmZ0pLw4'
  const HOOK = `https://hooks.example.com/services/T00000000/B00000000/${RANDOM}`

  test.each<[string, string, Record<string, string>, string[]]>([
    ['a personal access token', 'x7Gh2kLm', { GITHUB_PAT: 'x7Gh2kLm' }, []],
    ['one in an option', 'x7Gh2kLm', {}, ['--pat', 'x7Gh2kLm']],
    ['one in an option after =', 'x7Gh2kLm', {}, ['--github-pat=x7Gh2kLm']],
    ['a webhook', HOOK, { SLACK_WEBHOOK_URL: HOOK }, []],
    ['the random part of a webhook', RANDOM, { SLACK_WEBHOOK_URL: HOOK }, []],
    [
      'a part of a webhook that is letters alone',
      'kQmZpLwXkQmZpLwXkQmZpLwX',
      { WEBHOOK: 'https://hooks.example.com/services/T00000000/kQmZpLwXkQmZpLwXkQmZpLwX' },
      [],
    ],
    ['a bearer', 'x7Gh2kLm', { BEARER: 'x7Gh2kLm' }, []],
    ['a session', 'x7Gh2kLm', { 'my-session': 'x7Gh2kLm' }, []],
    ['a signature', 'x7Gh2kLm', { URL_SIGNATURE: 'x7Gh2kLm' }, []],
    ['something private', 'x7Gh2kLm', {}, ['--private', 'x7Gh2kLm']],
    ['a random part of an address of a variable', RANDOM, { ENDPOINT: `https://h/s/${RANDOM}/mcp` }, []],
    ['a random part of an address of an argument', RANDOM, {}, ['mcp-remote', `https://h/s/${RANDOM}`]],
    ['one in an option', RANDOM, {}, [`--url=https://h/?user=${RANDOM}`]],
    ['one in the argument of an option', RANDOM, {}, ['--url', `wss://${RANDOM}@h/`]],
    ['one inside of JSON', RANDOM, {}, [`{"url":"https://h/s/${RANDOM}","x":1}`]],
    ['a secret of a query', 'x7Gh2kLm', { ENDPOINT: 'https://h/?token=x7Gh2kLm' }, []],
    ['a variable given to a container', 'x7Gh2kLm', {}, ['run', '-e', 'API_TOKEN=x7Gh2kLm', 'image']],
    ['a header given to a bridge', 'x7Gh2kLm', {}, ['--header', 'Authorization: Bearer x7Gh2kLm']],
  ])('%s', (_what, part, env, args) => {
    expect(isSecret(part, stdio(env, args))).toBe(true)
  })

  // In pieces, so that nothing that looks for credentials in sources takes them for real ones.
  const KNOWN: readonly (readonly [string, string])[] = [
    ['ghp_', 'aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789'],
    ['gho_', 'aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789'],
    ['github_pat_', '11ABCDEFG0123456789_abcdefghijklmnop'],
    ['glpat-', 'aBcDeFgHiJkLmNoPqRsT'],
    ['xoxb-', '123456789012-123456789012-aBcDeFgHiJkL'],
    ['xoxp-', '123456789012-123456789012-aBcDeFgHiJkL'],
    ['sk-', 'live-9f8a7b6c5d4e'],
    ['sk-', 'proj-aBcDeFgHiJkLmNoPqRsTuVwXyZ'],
    ['sk_', 'live_4eC39HqLyjWDarjtT1zdp7dc'],
    ['AKIA', 'IOSFODNN7EXAMPLE'],
    ['AIza', 'SyA1234567890abcdefghijklmnopqrstuv'],
    ['ya29.', 'a0AfH6SMBx-123_abc'],
    ['eyJ', 'hbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U'],
    ['isk_', 'aBcDeFgHiJkLmNoPqRsT'],
  ]

  test.each(KNOWN)('%s%s is one wherever it stands', (prefix, rest) => {
    const credential = prefix + rest
    for (const server of [
      stdio({ SETTING: credential }),
      stdio({}, ['serve', credential]),
      stdio({}, [`--setting=${credential}`]),
      stdio({}, ['--setting', credential]),
      stdio({ SETTING: `{"a": "${credential}"}` }),
      stdio({}, [`https://h/x/${credential}?y`]),
      http(`https://h/x/${credential}/mcp`),
      http('https://h/', { 'X-Setting': `one,${credential}` }),
    ])
      expect(isSecret(credential, server)).toBe(true)
  })

  test.each<[string, Record<string, string>, string[]]>([
    ['/usr/local/bin:/usr/bin', { PATH: '/usr/local/bin:/usr/bin' }, []],
    ['abc123def', { PATTERN: 'abc123def', DISPATCH: 'abc123def', SESSIONS: 'abc123def' }, []],
    ['abc123def', {}, ['--path', 'abc123def', '--compat', 'abc123def', '--sessionless', 'abc123def']],
    ['client-basic', { BEARER_METHOD: 'client-basic' }, []],
    ['3600000', { SESSION_LIFETIME: '3600000' }, []],
    ['2025-11-25', { SIGNATURE_VERSION: '2025-11-25' }, []],
    ['2025-11-25T10:15:00Z', { SESSION_START: '2025-11-25T10:15:00Z' }, []],
    ['10.0.0.0/8', { PRIVATE_NETWORK: '10.0.0.0/8' }, []],
    ['/var/run/session-a8Fk29xQ', { SESSION: '/var/run/session-a8Fk29xQ' }, []],
    ['http://localhost:3000/hook', { WEBHOOK_URL: 'http://localhost:3000/hook' }, []],
    ['strict-mode', {}, ['--private', 'strict-mode']],
    ['release-notes-of-2025-11', {}, ['https://example.com/articles/release-notes-of-2025-11']],
    ['https://example.com', {}, ['https://example.com/articles/release-notes-of-2025-11']],
    ['documentation-server-v2', { BASE: 'https://h/documentation-server-v2' }, []],
    ['SCRAM-SHA-256', { DATABASE: 'mongodb://h/x?authMechanism=SCRAM-SHA-256' }, []],
    ['postgres', { DATABASE: 'postgres://postgres:x7Gh2kLm@h/postgres' }, []],
    ['sk-learn-model-server', {}, ['-y', 'sk-learn-model-server']],
    ['disk-encryption-9f8a7b6c', {}, ['disk-encryption-9f8a7b6c']],
    [
      '@modelcontextprotocol/server-filesystem@2025.11.25',
      {},
      ['@modelcontextprotocol/server-filesystem@2025.11.25'],
    ],
    ['/work/a8Fk29xQmmZ0pLw4', {}, ['/work/a8Fk29xQmmZ0pLw4']],
    ['a8Fk29xQmmZ0pLw4', {}, ['file:///work/a8Fk29xQmmZ0pLw4']],
    ['production', { NODE_ENV: 'production' }, ['production']],
  ])('not %s of %j and %j', (part, env, args) => {
    expect(isSecret(part, stdio(env, args))).toBe(false)
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
