import { describe, expect, test } from 'vitest'

import { compileConfig, type Plan } from '../../src/config/compile.ts'
import { diffPlans, isSamePlan } from '../../src/config/diff.ts'
import { ALL_OWN_TOOLS, OWN_TOOLS } from '../../src/config/own-tools.ts'
import { admit } from '../policy/judge-of.ts'
import { check, configOf, issuesOf } from './ports.ts'

const planOf = async (text: string): Promise<Plan> => compileConfig(await configOf(text), '/etc/isogate')
const SERVERS = 'servers: { github: { command: x }, files: { command: x } }\n'

test('a virtual server becomes a plan with a scope', async () => {
  const { virtualServers } = await planOf(`${SERVERS}mode: classic
virtualServers:
  research:
    title: Research
    instructions: Look before you write.
    tools: ["github.search_*", files.read_*]
    prompts: ["github.*"]
    resources: ["files.file:///srv/*"]
  empty: { mode: search }
`)
  const [research, empty] = virtualServers
  expect(research).toMatchObject({
    slug: 'research',
    title: 'Research',
    instructions: 'Look before you write.',
    mode: 'classic',
  })
  expect(research?.scope.filter(({ source }) => source !== 'built-in')).toEqual([
    {
      kinds: ['tool'],
      pattern: 'github.search_*',
      verdict: 'allow',
      source: 'virtualServers.research.tools[0]',
    },
    {
      kinds: ['tool'],
      pattern: 'files.read_*',
      verdict: 'allow',
      source: 'virtualServers.research.tools[1]',
    },
    {
      kinds: ['prompt'],
      pattern: 'github.*',
      verdict: 'allow',
      source: 'virtualServers.research.prompts[0]',
    },
    {
      kinds: ['resource'],
      pattern: 'files.file:///srv/*',
      verdict: 'allow',
      source: 'virtualServers.research.resources[0]',
    },
  ])
  expect(empty).toEqual({ slug: 'empty', mode: 'search', scope: expect.any(Array) as unknown })
  expect(Object.isFrozen(research?.scope)).toBe(true)
  expect((await planOf(SERVERS)).virtualServers).toEqual([])
})

describe('the scope', () => {
  const verdictOf = async (mode: string, tools: string, name: string): Promise<string> => {
    const [server] = (await planOf(`virtualServers: { v: { mode: ${mode}, tools: ${tools} } }`))
      .virtualServers
    const rules = [{ pattern: '*', verdict: 'allow', source: 'all' }] as const
    const principal = { id: 'p', kind: 'token', scope: server?.scope ?? [] } as const
    return admit(principal, { server: 'code', name }, rules).verdict
  }

  test.each(['auto', 'classic', 'code', 'search'] as const)(
    'has the own tools of its mode, whatever the globs: %s',
    async (mode) => {
      for (const tools of ['[]', '["*"]', '["code.*"]']) {
        for (const name of ALL_OWN_TOOLS) {
          const expected = OWN_TOOLS[mode].includes(name) ? 'allow' : 'deny'
          expect([tools, name, await verdictOf(mode, tools, name)]).toEqual([tools, name, expected])
        }
      }
    },
  )

  test('keeps the kinds apart', async () => {
    const [server] = (await planOf('virtualServers: { v: { tools: ["a.*"], prompts: ["b.*"] } }'))
      .virtualServers
    const rules = [{ pattern: '*', verdict: 'allow', source: 'all' }] as const
    const principal = { id: 'p', kind: 'token', scope: server?.scope ?? [] } as const
    const verdict = (name: string, kind?: 'prompt' | 'resource' | 'method'): string =>
      admit(principal, { server: name, name: 'x', ...(kind === undefined ? {} : { kind }) }, rules).verdict
    expect([verdict('a'), verdict('a', 'prompt'), verdict('a', 'resource'), verdict('a', 'method')]).toEqual([
      'allow',
      'deny',
      'deny',
      'deny',
    ])
    expect([verdict('b'), verdict('b', 'prompt')]).toEqual(['deny', 'allow'])
  })
})

test('all errors come at once, each with its place', async () => {
  expect(
    await issuesOf(`virtualServers:
  Research: { tools: ["a.*"] }
  "a b": {}
  good:
    title: ""
    mode: fast
    tool: ["a.*"]
    tools: ["read_*", "*", "*.read", "a.b"]
    prompts: [greet]
    resources: ["no"]
    instructions: "${'x'.repeat(8193)}"
`),
  ).toEqual([
    expect.stringMatching(
      /^2:3 virtualServers\.Research the name of a virtual server begins with a lower-case/,
    ),
    expect.stringMatching(/^3:3 virtualServers\["a b"\] the name of a virtual server/),
    '5:12 virtualServers.good.title must not be empty',
    expect.stringMatching(/^6:11 virtualServers\.good\.mode expected `auto`/),
    '7:5 virtualServers.good.tool unknown key `tool`; did you mean `tools`?',
    expect.stringMatching(/^8:13 virtualServers\.good\.tools\[0\] a pattern here is `server\.tool`/),
    expect.stringMatching(/^9:15 virtualServers\.good\.prompts\[0\] a pattern here is `server\.prompt`/),
    expect.stringMatching(/^10:17 virtualServers\.good\.resources\[0\] a pattern here is `server\.resource`/),
    '11:19 virtualServers.good.instructions must be at most 8192 characters long',
  ])
})

test('globs that name a server which is not there are noted', async () => {
  const { ok, notes } = await check(`${SERVERS}policy: { deny: [code.run_script, cod.x] }
virtualServers:
  v: { tools: ["githb.*", "github.*", "*.x"], resources: ["file.*"] }
`)
  expect(ok).toBe(true)
  expect(notes.map(({ path, line, message }) => `${line} ${path} ${message}`)).toEqual([
    expect.stringMatching(/^2 policy\.deny\[1\] there is no server `cod`/),
    '4 virtualServers.v.tools[0] there is no server `githb`; did you mean `github`?',
    '4 virtualServers.v.resources[0] there is no server `file`; did you mean `files`?',
  ])
})

test('a file with virtual servers is not one of a client', async () => {
  const checked = await check(
    '{ "mcpServers": { "a": { "command": "x" } }, "virtualServers": { "v": {} } }',
    {
      path: '/etc/isogate/isogate.json',
    },
  )
  expect(checked).toMatchObject({ ok: true, notes: [] })
  expect(checked.ok && Object.keys(checked.config.virtualServers)).toEqual(['v'])
})

describe('what differs', () => {
  const settingsOf = async (before: string, after: string): Promise<readonly string[]> => {
    const [old, now] = [await planOf(before), await planOf(after)]
    const { settings } = diffPlans(old, now)
    expect(isSamePlan(old, now)).toBe(settings.length === 0)
    return settings
  }

  test.each([
    ['one that is added', '{}', '{ v: {} }', ['virtualServers.v']],
    ['one that is removed', '{ v: {} }', '{}', ['virtualServers.v']],
    [
      'its lists',
      '{ v: { tools: [a.b], prompts: [a.b] } }',
      '{ v: { tools: [a.c], prompts: [a.b] } }',
      ['virtualServers.v.tools'],
    ],
    ['its mode', '{ v: { mode: code } }', '{ v: { mode: search } }', ['virtualServers.v.mode']],
    [
      'its words',
      '{ v: { title: A } }',
      '{ v: { instructions: B } }',
      ['virtualServers.v.title', 'virtualServers.v.instructions'],
    ],
    ['nothing', '{ v: { tools: [a.b] } }', '{ v: { mode: auto, tools: ["a.b"] } }', []],
  ])('%s', async (_what, before, after, expected) => {
    expect(await settingsOf(`virtualServers: ${before}`, `virtualServers: ${after}`)).toEqual(expected)
  })
})
