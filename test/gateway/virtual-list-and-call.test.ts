import fc from 'fast-check'
import { expect, test } from 'vitest'

import { toGatewayError } from '../../src/core/errors.ts'
import type { JsonObject } from '../../src/core/json.ts'
import type { Principal } from '../../src/core/principal.ts'
import type { Result } from '../../src/core/result.ts'
import { toolKey, type ToolRef } from '../../src/core/tool.ts'
import { createVirtualServer } from '../../src/gateway/listing/virtual.ts'
import { matchesGlob } from '../../src/core/glob.ts'
import { callOf, SOMEBODY } from '../policy/call-of.ts'
import { openHouse, type House } from './open-house.ts'
import { textOf } from './text-of.ts'

const SERVERS = ['alpha', 'beta']
const NAMES = ['read', 'read_all', 'write', 'get-secret', 'Write']
const ALL: readonly ToolRef[] = SERVERS.flatMap((server) => NAMES.map((name) => ({ server, name })))

const globs = fc.array(
  fc.constantFrom('*', 'alpha.*', 'beta.*', '*.read*', '*.?rite', 'alpha.get-secret', '*secret*', 'code.*'),
  { maxLength: 3 },
)
const houses = fc.record({
  mode: fc.constantFrom('auto' as const, 'classic' as const, 'code' as const, 'search' as const),
  tools: globs,
  deny: globs.filter((patterns) => !patterns.includes('*')),
})

const open = ({ mode, tools, deny }: typeof houses extends fc.Arbitrary<infer Seed> ? Seed : never): House =>
  openHouse({
    scripts: false,
    servers: Object.fromEntries(
      SERVERS.map((server) => [server, Object.fromEntries(NAMES.map((name) => [name, {}]))]),
    ),
    config: { policy: { deny }, virtualServers: { part: { mode, tools } } },
  })

/** The tools for which `use` does not end as for a name of nothing. */
async function reachedBy(use: (tool: ToolRef) => Promise<Result>): Promise<string[]> {
  const reached: string[] = []
  for (const tool of ALL) {
    const code = await use(tool).then(
      ({ isError }) => (isError === true ? 'unknown_tool' : 'reached'),
      (thrown: unknown) => toGatewayError(thrown).code,
    )
    expect(['reached', 'unknown_tool']).toContain(code)
    if (code === 'reached') reached.push(toolKey(tool))
  }
  return reached
}

test('within a scope a tool is listed, found and described exactly where a call of it goes through', async () => {
  await fc.assert(
    fc.asyncProperty(houses, async (seed) => {
      await using house = open(seed)
      const { gateway } = house
      const { listing, principalOf } = createVirtualServer(gateway, 'mcp', 'part')
      const who: Principal = principalOf(SOMEBODY)
      const call = (tool: ToolRef, args: JsonObject = {}): Promise<Result> =>
        gateway.handler(callOf('', args, { tool, principal: who }))
      const resolved = (name: string): ToolRef => listing.resolve(who, name) ?? { server: '', name }

      // What it must be, worked out without the gateway: a glob of the scope, and none of the policy's.
      const expected = ALL.map(toolKey).filter(
        (key) =>
          seed.tools.some((glob) => matchesGlob(glob, key)) &&
          !seed.deny.some((glob) => matchesGlob(glob, key)),
      )
      expect(await reachedBy((tool) => call(tool))).toEqual(expected)
      expect(await reachedBy((tool) => call(resolved(toolKey(tool).replace('.', '__'))))).toEqual(expected)
      expect(gateway.visibleTools(who, 'mcp').map(({ ref }) => toolKey(ref))).toEqual(expected)

      const listed = listing.tools(who).map(({ name }) => name as string)
      // Everything that is listed can be called, and by that name.
      for (const name of listed) expect([name, listing.resolve(who, name)]).not.toEqual([name, undefined])
      if (seed.mode === 'classic' || listed.some((name) => name.includes('__'))) {
        expect(listed.map((name) => toolKey(resolved(name)))).toEqual(expected)
      }
      if (listed.includes('describe_tools')) {
        const described = await reachedBy((tool) =>
          call(resolved('describe_tools'), { tools: [toolKey(tool)] }),
        )
        expect(described).toEqual(expected)
        const found = await call(resolved('search_tools'), { query: '', limit: 50 })
        expect(textOf(found.content).split('\n')).toHaveLength(expected.length + 1)
      }
      const callTool = resolved('call_tool')
      const isThere = seed.mode === 'search' && !seed.deny.includes('code.*')
      expect(callTool.server).toBe(isThere ? 'code' : '')
      if (isThere)
        expect(await reachedBy(({ server, name }) => call(callTool, { name: `${server}.${name}` }))).toEqual(
          expected,
        )
    }),
    { numRuns: 80 },
  )
})

test('one that is not in the configuration has nothing', async () => {
  await using house = open({ mode: 'search', tools: ['*'], deny: [] })
  const { listing, principalOf } = createVirtualServer(house.gateway, 'mcp', 'other')
  const who = principalOf(SOMEBODY)
  expect(house.gateway.visibleTools(who, 'mcp')).toEqual([])
  expect(house.gateway.isVisible(who, 'mcp', { server: 'code', name: 'run_script' })).toBe(false)
  expect(listing.tools(who)).toEqual([])
})

test('the principal is frozen, one for each, and says what it said', async () => {
  await using house = open({ mode: 'code', tools: ['alpha.*'], deny: [] })
  const { principalOf } = createVirtualServer(house.gateway, 'mcp', 'part')
  const who = principalOf(SOMEBODY)
  expect(who).toBe(principalOf(SOMEBODY))
  expect(Object.isFrozen(who)).toBe(true)
  expect(who).toMatchObject({ id: SOMEBODY.id, kind: SOMEBODY.kind })
  expect(principalOf({ id: 'another', kind: 'token' })).not.toBe(who)
})
