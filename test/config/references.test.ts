import { expect, test } from 'vitest'
import fc from 'fast-check'
import { escapeReferences, splitReferences } from '../../src/config/document/references.ts'
import { check, configOf, issuesOf } from './ports.ts'

const SECRET = 'hunter2-very-secret'

async function valueOf(reference: string, options: Parameters<typeof configOf>[1] = {}) {
  const config = await configOf(`servers: { a: { command: x, env: { V: '${reference}' } } }`, options)
  return config.servers['a']?.env?.['V']
}

test.each([
  ['${env:A}', 'one'],
  ['<${env:A}${env:B}>', '<onetwo>'],
  ['${env:NONE:-other}', 'other'],
  ['${env:EMPTY:-other}', 'other'],
  ['${env:EMPTY}', ''],
  ['${env:A:-other}', 'one'],
  ['${env:NONE:-}', ''],
  ['$${env:A}', '${env:A}'],
  ['$$${env:A}', '$${env:A}'],
  ['$A {A} $', '$A {A} $'],
  ['${file:token}', 'from file'],
  ['${file:/abs}', 'two\n'],
])('%s', async (reference, value) => {
  const env = { A: 'one', B: 'two', EMPTY: '' }
  expect(
    await valueOf(reference, { env, files: { '/etc/isogate/token': 'from file\n', '/abs': 'two\n\n' } }),
  ).toBe(value)
})

test('a resolved value is never scanned for references', async () => {
  expect(await valueOf('${env:A}', { env: { A: '${env:B}$${', B: 'b' } })).toBe('${env:B}$${')
  expect(await valueOf('${file:/f}', { files: { '/f': '${env:A}' }, env: { A: 'a' } })).toBe('${env:A}')
})

test('references are not resolved in keys', async () => {
  const config = await configOf('servers: { a: { command: x, env: { "${env:A}": v } } }', { env: { A: 'b' } })
  expect(config.servers['a']?.env).toEqual({ '${env:A}': 'v' })
})

test.each([
  ['${env:GITHUB_TOKN}', 'the environment variable `GITHUB_TOKN` is not set; did you mean `GITHUB_TOKEN`?'],
  ['${env:OTHER}', 'the environment variable `OTHER` is not set'],
  ['${env:__proto__}', 'the environment variable `__proto__` is not set'],
  ['${env:}', 'a reference to a variable is'],
  ['${file:none}', 'the file `none` does not exist'],
  ['${file:}', 'a reference to a file is'],
  ['${file:/big}', 'larger than 65536 bytes'],
  ['${GITHUB_TOKEN}', 'is not a reference; write `${env:GITHUB_TOKEN}`'],
  ['${env:A', 'not closed'],
  ['${p@ss}', 'not a reference; write `$${`'],
  ['${env:A:-${env:B}}', 'cannot hold another reference'],
])('%s is an error', async (reference, message) => {
  const issues = await issuesOf(`servers: { a: { command: x, env: { V: '${reference}' } } }`, {
    env: { GITHUB_TOKEN: SECRET },
    files: { '/big': 'x'.repeat(65_537) },
  })
  expect(issues).toHaveLength(1)
  expect(issues[0]).toContain(`1:39 servers.a.env.V `)
  expect(issues[0]).toContain(message)
})

test('the references of a disabled server are not resolved', async () => {
  const config = await configOf('servers: { a: { url: "${env:NONE}", enabled: false } }')
  expect(config.servers['a']?.url).toBe('${env:NONE}')
})

test('no error ever prints a resolved value', async () => {
  const bad = '"${env:S}"'
  const text = `servers:
  a: { url: ${bad}, headers: { A: "\${file:/f}" }, tools: { allow: ${bad} }, enabled: ${bad} }
  b: { command: ${bad}, args: ${bad}, timeouts: { callMs: ${bad} } }
mode: ${bad}
http: { token: ${bad}, port: ${bad}, host: "\${env:LONG}", allowedHosts: [${bad}], allowedOrigins: [${bad}] }
log: { level: ${bad} }
policy: { deny: [${bad}] }
`
  const env = { S: `${SECRET} @\u0000`, LONG: SECRET.repeat(50) }
  const checked = await check(text, { env, files: { '/f': `${SECRET}\r\nx: y` } })
  expect(checked.ok).toBe(false)
  expect(JSON.stringify(checked)).not.toContain('hunter2')
  expect(checked.ok ? [] : checked.issues.length).toBeGreaterThan(10)
})

test('references that repeat a long value are bounded together', async () => {
  const items = Array.from({ length: 300 }, () => '"${file:/f}"').join(',')
  const issues = await issuesOf(`servers: { a: { command: x, args: [${items}] } }`, {
    files: { '/f': 'x'.repeat(65_536) },
  })
  expect(issues[0]).toContain('together are too large')
})

test('escaped text is read back as text', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('$', '{', '}', 'a', ':') }), (text) => {
      const parts = splitReferences(escapeReferences(text))
      expect(parts.map((part) => (part.kind === 'text' ? part.text : '!')).join('')).toBe(text)
    }),
  )
})
