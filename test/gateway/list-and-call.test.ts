import fc from 'fast-check'
import { expect, test } from 'vitest'

import type { Door } from '../../src/core/call.ts'
import { toGatewayError } from '../../src/core/errors.ts'
import type { JsonObject } from '../../src/core/json.ts'
import { CODE_TOOLS } from '../../src/scripts/tools.ts'
import { toolKey, type ToolRef } from '../../src/core/tool.ts'
import { createListing } from '../../src/gateway/listing/aggregate.ts'
import { callOf, SOMEBODY } from '../policy/call-of.ts'
import { openHouse, type House } from './open-house.ts'
import { textOf } from './text-of.ts'

const SERVERS = ['alpha', 'beta']
const NAMES = ['read', 'read_all', 'write', 'get-secret', 'Write', 'delete everything']
const CALL_DOORS: readonly Door[] = ['mcp', 'stdio', 'cli', 'script']

const names = fc.uniqueArray(fc.constantFrom(...NAMES), { maxLength: NAMES.length })
const toolGlobs = fc.array(fc.constantFrom('*', 'read*', '*e', 'get-?ecret', 'w*', 'write', 'nothing'), {
  maxLength: 2,
})
const serverParts = fc.record({
  names,
  allow: fc.option(toolGlobs, { nil: undefined }),
  deny: toolGlobs,
})
const policyGlobs = fc.array(
  fc.constantFrom('*', 'alpha.*', 'beta.*', '*.read*', '*.?rite', 'alpha.get-secret', '*secret*', 'code.*'),
  { maxLength: 2 },
)
const houses = fc.record({ alpha: serverParts, beta: serverParts, allow: policyGlobs, deny: policyGlobs })

type HouseSeed = typeof houses extends fc.Arbitrary<infer Seed> ? Seed : never

function openSeed(seed: HouseSeed): House {
  const parts = [seed.alpha, seed.beta]
  return openHouse({
    scripts: false,
    servers: Object.fromEntries(
      SERVERS.map((server, index) => [
        server,
        Object.fromEntries((parts[index]?.names ?? []).map((name) => [name, {}])),
      ]),
    ),
    serverConfig: Object.fromEntries(
      SERVERS.map((server, index) => {
        const { allow, deny } = parts[index] ?? { allow: undefined, deny: [] }
        return [server, { tools: { ...(allow === undefined ? {} : { allow }), deny } }]
      }),
    ),
    config: { policy: { allow: seed.allow, deny: seed.deny } },
  })
}

/** Every tool that there is or might be. */
const ALL: readonly ToolRef[] = SERVERS.flatMap((server) => NAMES.map((name) => ({ server, name })))

/** The tools that a call reaches, through one door. */
async function callable(house: House, door: Door): Promise<string[]> {
  const reached: string[] = []
  for (const tool of ALL) {
    const code = await house.gateway.handler(callOf('', {}, { tool, door })).then(
      () => 'reached',
      (thrown: unknown) => toGatewayError(thrown).code,
    )
    expect(['reached', 'unknown_tool']).toContain(code)
    if (code === 'reached') reached.push(toolKey(tool))
  }
  return reached.toSorted()
}

async function ownCall(house: House, name: string, args: JsonObject): Promise<string> {
  const result = await house.gateway.handler(callOf('', args, { tool: { server: 'code', name } }))
  return textOf(result.content)
}

/** The keys of the tools whose paths stand in a text that is made of `tools.<server>.` paths. */
function shownIn(house: House, text: string): string[] {
  const { catalog } = house.gateway.snapshot()
  return catalog.tools
    .filter(({ ref }) => {
      const path = catalog.names.of(ref)?.path ?? ''
      return new RegExp(`\\b${path.replaceAll('.', '\\.')}\\(`).test(text)
    })
    .map(({ ref }) => toolKey(ref))
    .toSorted()
}

/** What the instructions of Code Mode show, whose lines leave the path of the server to a heading. */
function indexed(house: House): string[] {
  const listing = createListing(house.gateway, 'mcp', { mode: 'code', autoThresholdTokens: 0 })
  const lines = listing.instructions(SOMEBODY)?.split('\n') ?? []
  let heading = ''
  const paths = lines.map((line) => {
    if (/^tools\.\w+\.$/.test(line)) heading = line
    return line.startsWith('  ') ? `${heading}${line.trim()}` : ''
  })
  return shownIn(house, paths.join('\n'))
}

test('a tool is listed, indexed, found and described exactly where a call of it goes through', async () => {
  await fc.assert(
    fc.asyncProperty(houses, async (seed) => {
      await using house = openSeed(seed)
      const { gateway } = house
      const calls = await Promise.all(CALL_DOORS.map((door) => callable(house, door)))
      const [expected = []] = calls
      for (const reached of calls) expect(reached).toEqual(expected)

      const classic = createListing(gateway, 'mcp', { mode: 'classic', autoThresholdTokens: 0 })
      const listed = classic.tools(SOMEBODY).map(({ name }) => classic.resolve(SOMEBODY, name as string))
      expect(listed.map((ref) => (ref === undefined ? 'nothing' : toolKey(ref))).toSorted()).toEqual(expected)
      expect(
        gateway
          .visibleTools(SOMEBODY, 'mcp')
          .map(({ ref }) => toolKey(ref))
          .toSorted(),
      ).toEqual(expected)
      expect(indexed(house)).toEqual(expected)

      // Isogate's own tools are under the same rules.
      const own = CODE_TOOLS.filter(({ ref }) => gateway.isVisible(SOMEBODY, 'mcp', ref)).map(
        ({ ref }) => ref.name,
      )
      if (own.length === 0) {
        await expect(ownCall(house, 'search_tools', { query: '' })).rejects.toMatchObject({
          code: 'unknown_tool',
        })
        return
      }
      expect(shownIn(house, await ownCall(house, 'search_tools', { query: '', limit: 50 }))).toEqual(expected)
      const described = await ownCall(house, 'describe_tools', { tools: ALL.map(toolKey) })
      for (const { ref } of gateway.snapshot().catalog.tools) {
        if (ref.server === 'code') continue
        const isUnknown = described.includes(`There is no tool "${toolKey(ref)}"`)
        expect(isUnknown).toBe(!expected.includes(toolKey(ref)))
      }
    }),
    { numRuns: 60 },
  )
})

test('no text for a model holds the name of a hidden tool', async () => {
  await fc.assert(
    fc.asyncProperty(
      houses,
      fc.constantFrom(...NAMES, 'secret', 'all', 'wri', 'gte_secert'),
      async (seed, word) => {
        await using house = openSeed({ ...seed, deny: ['*secret*'] })
        const texts = [
          ...(['classic', 'code', 'auto'] as const).map((mode) => {
            const listing = createListing(house.gateway, 'mcp', { mode, autoThresholdTokens: 100 })
            return JSON.stringify([listing.tools(SOMEBODY), listing.instructions(SOMEBODY)])
          }),
          await ownCall(house, 'search_tools', { query: word }),
          await ownCall(house, 'describe_tools', { tools: ['alpha.rea', 'beta.wirte', 'get'] }),
          await ownCall(house, 'no_such_tool', {}).catch((thrown: unknown) => (thrown as Error).message),
        ]
        for (const text of texts) expect(text).not.toMatch(/get.secret/i)
      },
    ),
    { numRuns: 40 },
  )
})

test('a policy that is not there yet hides everything: a tool that is in no snapshot cannot be called', async () => {
  await using house = openHouse({ servers: { alpha: {} }, scripts: false })
  await expect(house.gateway.handler(callOf('alpha.read'))).rejects.toMatchObject({ code: 'unknown_tool' })
  expect(house.backends['alpha']?.calls).toEqual([])
})
