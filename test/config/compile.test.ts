import { expect, test } from 'vitest'
import fc from 'fast-check'
import { compileConfig } from '../../src/config/compile.ts'
import { intersectGlobs } from '../../src/config/globs.ts'
import { configOf, issuesOf } from './ports.ts'

async function planOf(text: string) {
  return compileConfig(await configOf(text), '/etc/isogate')
}

async function rulesOf(text: string) {
  return (await planOf(text)).rules.map(({ kinds, pattern, verdict, source }) => {
    const of = kinds === undefined ? '' : ` of ${kinds.map((kind) => `${kind}s`).join(', ')}`
    return `${verdict} ${pattern}${of} (${source})`
  })
}

test('servers become plans, disabled ones only names', async () => {
  const plan = await planOf(`servers:
  a: { command: x, args: [y], env: { A: b }, cwd: ./work }
  b: { url: https://example.com/mcp, headers: { H: v }, limits: { concurrency: 2 } }
  c: { command: z, enabled: false, tools: { deny: [x] } }
`)
  expect(plan.servers).toMatchObject([
    { name: 'a', kind: 'stdio', command: 'x', args: ['y'], env: { A: 'b' }, cwd: '/etc/isogate/work' },
    {
      name: 'b',
      kind: 'http',
      url: 'https://example.com/mcp',
      headers: { H: 'v' },
      limits: { concurrency: 2, queue: 256 },
    },
  ])
  expect(plan.disabledServers).toEqual(['c'])
  expect(plan.rules.every(({ pattern }) => !pattern.startsWith('c.'))).toBe(true)
})

test('a plan is frozen through and through', async () => {
  const plan = await planOf('servers: { a: { command: x, args: [y] } }')
  const server = plan.servers[0]
  expect(
    Object.isFrozen(plan) &&
      Object.isFrozen(server) &&
      server?.kind === 'stdio' &&
      Object.isFrozen(server.args),
  ).toBe(true)
  expect(Object.isFrozen(plan.sandbox.limits)).toBe(true)
})

test('a fingerprint changes with what it stands for and with nothing else', async () => {
  const of = async (entry: string) => (await planOf(`servers: { a: ${entry} }`)).servers[0]?.fingerprint
  const first = await of('{ command: x, env: { A: "1", B: "2" } }')
  expect(await of('{ env: { B: "2", A: "1" }, command: x, tools: { deny: [y] } }')).toBe(first)
  expect(await of('{ command: x, env: { A: "1", B: "3" } }')).not.toBe(first)
  expect(await of('{ command: x, env: { A: "1", B: "2" }, timeouts: { callMs: 500 } }')).not.toBe(first)
  expect(first).toMatch(/^[0-9a-f]{64}$/)
})

test('rules of allow and deny lists', async () => {
  expect(
    await rulesOf(`servers:
  a: { command: x }
  b: { command: x, tools: { allow: ["list_*", get], deny: [list_secret] } }
  c: { command: x, tools: { allow: [] } }
policy: { deny: ["*.delete_*"] }
`),
  ).toEqual([
    'allow a.* (servers.a)',
    'allow b.list_* of tools (servers.b.tools.allow[0])',
    'allow b.get of tools (servers.b.tools.allow[1])',
    'allow b.* of prompts, resources, methods (servers.b)',
    'allow c.* of prompts, resources, methods (servers.c)',
    'allow scripts.* of tools (scripts)',
    'deny b.list_secret of tools (servers.b.tools.deny[0])',
    'deny *.delete_* (policy.deny[0])',
  ])
})

test('the allow list of the policy narrows those of the servers and never widens them', async () => {
  expect(
    await rulesOf(`servers:
  a: { command: x }
  b: { command: x, tools: { allow: ["list_*"] } }
policy: { allow: ["b.*", "a.get_?"] }
`),
  ).toEqual([
    'allow a.get_? (policy.allow[1] and servers.a)',
    'allow b.list_* of tools (policy.allow[0] and servers.b.tools.allow[0])',
    'allow b.* of prompts, resources, methods (policy.allow[0] and servers.b)',
  ])
})

test('globs that cannot be combined are an error at their place', async () => {
  const stars = Array.from('abcdefghij', (letter) => `*${letter}`).join('') + '*'
  const other = Array.from('klmnopqrst', (letter) => `*${letter}`).join('') + '*'
  const text = `servers: { s: { command: x, tools: { allow: ["${stars}"] } } }\npolicy: { allow: ["*.${other}"] }\n`
  expect((await issuesOf(text)).join()).toContain('2:18 policy.allow these globs')
})

test('endpoints: /mcp follows the default unless it has a mode, the others are fixed', async () => {
  expect((await planOf('mode: classic')).endpoints).toEqual([
    { path: '/mcp', mode: 'classic' },
    { path: '/mcp/code', mode: 'code' },
    { path: '/mcp/classic', mode: 'classic' },
  ])
  expect((await planOf('mode: classic\nendpoints: { /mcp: { mode: code } }')).endpoints[0]).toEqual({
    path: '/mcp',
    mode: 'code',
  })
})

function matches(glob: string, text: string): boolean {
  const source = Array.from(glob, (part) => (part === '*' ? '.*' : part === '?' ? '.' : part)).join('')
  return new RegExp(`^(?:${source})$`).test(text)
}

test('an intersection matches exactly what both globs match', () => {
  const glob = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 6 })
  const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 })
  fc.assert(
    fc.property(glob, glob, text, (a, b, word) => {
      const both = intersectGlobs(a, b)
      fc.pre(both !== undefined)
      expect(both?.some((pattern) => matches(pattern, word))).toBe(matches(a, word) && matches(b, word))
    }),
    { numRuns: 5000 },
  )
})
