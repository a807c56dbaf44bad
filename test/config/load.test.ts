import { expect, test } from 'vitest'
import { GatewayError } from '../../src/core/errors.ts'
import { checkConfigFile, loadConfig } from '../../src/config/load.ts'
import { renderTemplate } from '../../src/config/template.ts'
import { check, configOf, filesOf, issuesOf } from './ports.ts'

test('an empty file is a configuration of defaults', async () => {
  const config = await configOf('')
  expect(config.servers).toEqual({})
  expect(config.http.port).toBe(7333)
  expect(config.sandbox.limits.wallMs).toBe(60_000)
})

test('what init writes is valid and has the line for editors', async () => {
  const text = renderTemplate()
  expect(text).toMatch(/^# yaml-language-server: \$schema=https:/)
  expect(Object.keys((await configOf(text)).servers)).toEqual(['everything'])
})

test('the commented examples of what init writes are valid too', async () => {
  const active = renderTemplate()
    .split('\n')
    .filter((line) => !line.includes('  deny: []'))
    .map((line) => line.replace(/^(\s*)# (?=(?:github|remote|http|deny):|  )/, '$1'))
    .join('\n')
  const config = await configOf(active, {
    env: { GITHUB_TOKEN: 'g', REMOTE_TOKEN: 'r', ISOGATE_TOKEN: 'x'.repeat(16) },
  })
  expect(Object.keys(config.servers)).toEqual(['everything', 'github', 'remote'])
  expect(config.policy.deny).toEqual(['*.delete_*'])
  expect(config.http.token).toBe('x'.repeat(16))
})

test('all errors come at once, each with its place', async () => {
  const text = `servers:
  github:
    comand: npx
    enabled: "yes"
  code: { command: x }
http:
  port: "80"
  prot: 1
mode: clasic
timeoutMs: 1
`
  expect(await issuesOf(text)).toEqual([
    '3:5 servers.github.comand unknown key `comand`; did you mean `command`?',
    '4:14 servers.github.enabled expected true or false; found text',
    '5:3 servers.code `code` is a name that Isogate keeps for itself; did you mean `code-server`?',
    '7:9 http.port expected a number; found text; remove the quotes',
    '8:3 http.prot unknown key `prot`; did you mean `port`?',
    '9:7 mode expected `auto`, `code`, `classic`, `search`; found `clasic`; did you mean `classic`?',
    '10:12 timeoutMs must be at least 100',
  ])
})

test('an issue is data with a suggestion', async () => {
  const checked = await check('servers:\n  a:\n    comand: x\n')
  expect(checked).toMatchObject({
    ok: false,
    issues: [{ path: 'servers.a.comand', line: 3, column: 5, suggestion: 'command' }],
  })
})

test('loadConfig throws one error that lists them all', async () => {
  const readFile = filesOf({ '/w/isogate.yml': 'a: 1\nb: 2\n' })
  const error = await loadConfig({ cwd: '/w', env: {}, readFile }).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(GatewayError)
  expect((error as GatewayError).code).toBe('config_invalid')
  expect((error as GatewayError).message).toMatch(
    /\/w\/isogate\.yml:1:1 a unknown key `a`[^]*\/w\/isogate\.yml:2:1 b unknown key/,
  )
})

test('files are looked for by name, then by ISOGATE_CONFIG; a named file is the only one', async () => {
  const readFile = filesOf({
    '/w/isogate.json': '{"mode": "code"}',
    '/e/x.yaml': 'mode: classic',
    '/n.yaml': 'mode: auto',
  })
  const env = { ISOGATE_CONFIG: '/e/x.yaml' }
  expect((await loadConfig({ cwd: '/w', env, readFile })).config.mode).toBe('code')
  expect((await loadConfig({ cwd: '/empty', env, readFile })).config.mode).toBe('classic')
  expect((await loadConfig({ cwd: '/w', env, readFile, path: '../n.yaml' })).path).toBe('/n.yaml')
  await expect(loadConfig({ cwd: '/w', env, readFile, path: 'gone.yaml' })).rejects.toMatchObject({
    code: 'config_not_found',
  })
  await expect(loadConfig({ cwd: '/empty', env: {}, readFile })).rejects.toMatchObject({
    code: 'config_not_found',
  })
})

test('a huge file is an error of the configuration', async () => {
  const readFile = filesOf({ '/w/isogate.yaml': '#'.repeat(1024 * 1024 + 1) })
  expect(await checkConfigFile({ cwd: '/w', env: {}, readFile })).toMatchObject({
    ok: false,
    issues: [{ message: expect.stringContaining('larger than 1048576 bytes') }],
  })
})

test('mcpServers beside own keys is servers, and both at once is an error', async () => {
  const config = await configOf('mcpServers: { a: { command: x } }\nmode: code\n')
  expect(config.servers['a']?.command).toBe('x')
  expect(await issuesOf('servers: {}\nmcpServers: {}\n')).toEqual([
    '2:1 mcpServers `mcpServers` is another name for `servers`; use one of the two',
  ])
  // In a document of our own the words of clients are errors that name our words.
  expect(await issuesOf('mcpServers: { a: { command: x, disabled: true } }\nmode: code\n')).toEqual([
    '1:32 mcpServers.a.disabled unknown key `disabled`; did you mean `enabled`?',
  ])
})

test.each([
  ['servers: { a: {} }', 'a server needs `command`'],
  ['servers: { a: { command: x, url: "http://x" } }', 'either `command` or `url`'],
  ['servers: { a: { command: x, headers: {} } }', '`headers` only goes with `url`'],
  ['servers: { a: { url: "http://x", args: [] } }', '`args` only goes with `command`'],
  ['servers: { a: { url: "ftp://x" } }', 'http:// or https://'],
  ['servers: { a: { url: "http://u:hunter2@x" } }', 'must not carry a user or password'],
  ['servers: { a: { url: "http://x", headers: { "a b": c } } }', 'not a valid name of an HTTP header'],
  ['servers: { a: { url: "http://x", headers: { a: "b\\r\\nc: d" } } }', 'holds a line break'],
  ['servers: { a: { command: x, env: { "A=B": c } } }', 'not a valid name of an environment variable'],
  ['servers: { a: { command: "x\\0y" } }', 'holds a NUL character'],
  ['servers: { a.b: { command: x } }', 'did you mean `a-b`?'],
  [
    'servers: { a: { command: x, env: { PORT: 80 } } }',
    'expected text; found a whole number; put it in quotes',
  ],
  ['servers:', 'found nothing (null)'],
  ['servers: []', 'expected a mapping; found a list'],
  ['- 1', 'expected a mapping; found a list'],
  ['http: { token: short }', 'at least 16'],
  ['http: { allowedOrigins: ["*"] }', 'expected an origin'],
  ['http: { allowedHosts: ["http://x"] }', 'expected `host`'],
  ['http: { port: 70000 }', 'must be at most 65535'],
  ['policy: { deny: ["delete_*"] }', 'a policy pattern is `server.tool`'],
  ['policy: { deny: [code.resume_run] }', 'there is no such tool of Isogate'],
  ['teams: { a: { policy: { ask: [code.run] } } }', 'there is no such tool of Isogate'],
  ['sandbox: { cellMemoryMb: 64 }', 'must be at most `sandbox.cellMemoryMb`'],
  ['endpoints: { /mcp/code: { mode: auto } }', 'unknown key `mode`; nothing can be set here'],
  ['endpoints: { /mpc: {} }', 'did you mean `/mcp`?'],
])('%s is an error', async (text, message) => {
  expect((await issuesOf(text)).join('\n')).toContain(message)
  expect(await issuesOf(text)).toHaveLength(1)
})

test('a pattern of the policy that names no server is noted', async () => {
  const checked = await check('servers: { github: { command: x } }\npolicy: { deny: ["githb.*"] }\n')
  expect(checked).toMatchObject({
    ok: true,
    notes: [
      { path: 'policy.deny[0]', line: 2, message: 'there is no server `githb`; did you mean `github`?' },
    ],
  })
})

test('servers may be called like members of Object.prototype', async () => {
  const config = await configOf('servers: { constructor: { command: a }, toString: { command: b } }')
  expect(Object.entries(config.servers).map(([name, { command }]) => [name, command])).toEqual([
    ['constructor', 'a'],
    ['toString', 'b'],
  ])
})
