import { randomUUID } from 'node:crypto'

import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'

import { listenHttp, openGateway, systemClock, type GovernedGateway } from '../../src/assemble.ts'
import type { Door } from '../../src/core/call.ts'
import { toGatewayError } from '../../src/core/errors.ts'
import type { JsonObject } from '../../src/core/json.ts'
import type { Principal } from '../../src/core/principal.ts'
import { toolKey, type ToolRef } from '../../src/core/tool.ts'
import { createListing } from '../../src/gateway/listing/aggregate.ts'
import { hashToken } from '../../src/http/auth.ts'
import { openCells } from '../approvals/desk-house.ts'
import { handMadeBackend } from '../gateway/hand-made-backend.ts'
import { housePlan, TOKEN } from '../gateway/open-house.ts'
import { textOf } from '../gateway/text-of.ts'
import {
  ARGUMENTS,
  expectedVerdict,
  hierarchies,
  NAMES,
  READ_ONLY,
  SERVERS,
  WHO,
  type Hierarchy,
  type Who,
} from './hierarchy.ts'
import { httpLine } from './http-line.ts'
import { restLine } from './lines.ts'

const CALL_DOORS: readonly Door[] = ['mcp', 'stdio', 'rest', 'cli', 'script']
const ALL: readonly ToolRef[] = SERVERS.flatMap((server) => NAMES.map((name) => ({ server, name })))

/** Cells that all houses share: they belong to principals, which have the same names in each. */
const cells = openCells()
afterAll(() => cells.close())

const SECRET = 'isk_of-a-test-and-of-nobody-'
const secretOf = (who: Who): string => (who === 'token' ? TOKEN : SECRET + who)

/** A gateway with the hierarchy, and an HTTP door. */
async function openHierarchy(seed: Hierarchy) {
  const tools = Object.fromEntries(
    Object.entries(seed.tools).map(([server, names]) => [
      server,
      Object.fromEntries(names.map((name) => [name, {}])),
    ]),
  )
  const plan = housePlan({
    servers: tools,
    config: {
      // The house of other tests has a list of its own where none is given.
      policy: { auto: undefined, ...seed.gateway, readOnly: READ_ONLY },
      organisations: { acme: { policy: seed.organisation } },
      teams: {
        data: { organisation: 'acme', policy: seed.team },
        others: { policy: seed.team },
      },
      keys: {
        member: { team: 'data', key: secretOf('member'), policy: seed.member },
        lone: { team: 'others', key: secretOf('lone'), policy: seed.single },
        single: { key: secretOf('single'), policy: seed.single },
      },
      virtualServers: { finder: { mode: 'search', tools: ['*'] } },
    },
  })
  const quiet = (): void => {}
  const ports = {
    clock: systemClock,
    version: '0.0.0',
    log: { error: console.error, warn: quiet, info: quiet, debug: quiet },
  }
  const gateway = openGateway(plan, {
    ...ports,
    createUpstream: ({ name }) => handMadeBackend(name, tools[name] ?? {}),
    sandbox: { run: cells.run, close: () => Promise.resolve() },
  })
  const { url, close } = await listenHttp(plan, gateway, hashToken(TOKEN), ports)
  return {
    gateway,
    url,
    [Symbol.asyncDispose]: async () => {
      await close()
      await gateway.close()
    },
  }
}

interface Caller {
  readonly gateway: GovernedGateway
  readonly principal: Principal
}

/** The code of the refusal, or what was given. */
async function callOf(
  { gateway, principal }: Caller,
  door: Door,
  tool: ToolRef,
  args: JsonObject,
): Promise<{ readonly code?: string; readonly text: string }> {
  const signal = new AbortController().signal
  return gateway.handler(Object.freeze({ id: randomUUID(), door, principal, tool, args, signal })).then(
    ({ content, isError }) => ({
      text: textOf(content),
      ...(isError === true ? { code: 'tool_error' } : {}),
    }),
    (thrown: unknown) => ({ code: toGatewayError(thrown).code, text: '' }),
  )
}

const REFUSALS = ['unknown_tool', 'policy_denied', 'approval_pending']
const isRefusal = (code: string | undefined): boolean => code !== undefined && REFUSALS.includes(code)

const CODES = { allow: undefined, ask: 'approval_pending', deny: 'denied' }

/** The tools that are there for somebody at a door, by calls of them. Every call ends as the documentation says. */
async function callable(seed: Hierarchy, who: Who, caller: Caller, door: Door): Promise<readonly string[]> {
  const there: string[] = []
  for (const tool of ALL) {
    const isOffered = seed.tools[tool.server as 'alpha'].includes(tool.name)
    const codes: (string | undefined)[] = []
    for (const args of ARGUMENTS) {
      const { code } = await callOf(caller, door, tool, args)
      codes.push(code)
      const isDenied = code === 'unknown_tool' || code === 'policy_denied'
      const expected = isOffered ? CODES[expectedVerdict(seed, who, door, tool, args)] : 'denied'
      expect([who, door, toolKey(tool), args, isDenied ? 'denied' : code]).toEqual([
        who,
        door,
        toolKey(tool),
        args,
        expected,
      ])
    }
    const isUnknown = codes.includes('unknown_tool')
    // It is there or it is not: never for some arguments only.
    if (isUnknown) expect(codes).toEqual(codes.map(() => 'unknown_tool'))
    else there.push(toolKey(tool))
  }
  return there.toSorted()
}

/** The keys of the tools whose spellings are found in a text, each as a whole word before a bracket. */
function shownIn(gateway: GovernedGateway, text: string, spelling: 'path' | 'exposed'): readonly string[] {
  const { catalog } = gateway.snapshot()
  return catalog.tools
    .filter(({ ref }) => ref.server !== 'code')
    .filter(({ ref }) => {
      const name = catalog.names.of(ref)?.[spelling] ?? toolKey(ref)
      return text.split(/[\s"]+/).some((word) => word === name || word.startsWith(`${name}(`))
    })
    .map(({ ref }) => toolKey(ref))
    .toSorted()
}

/** What the index in the instructions of Code Mode shows. */
function indexed({ gateway, principal }: Caller): readonly string[] {
  const listing = createListing(gateway, 'mcp', { mode: 'code', autoThresholdTokens: 0 })
  let heading = ''
  const paths = (listing.instructions(principal) ?? '').split('\n').map((line) => {
    if (/^tools\.\w+\.$/.test(line)) heading = line
    return line.startsWith('  ') ? `${heading}${line.trim()}` : ''
  })
  return shownIn(gateway, paths.join('\n'), 'path')
}

/** What a tool of Isogate shows; undefined where the caller may not use it. */
async function asked(
  caller: Caller,
  door: Door,
  name: string,
  args: JsonObject,
  spelling: 'path' | 'exposed',
): Promise<readonly string[] | undefined> {
  const { code, text } = await callOf(caller, door, { server: 'code', name }, args)
  if (isRefusal(code)) return undefined
  return shownIn(caller.gateway, text, spelling)
}

/** Which of all tools a description describes. */
async function described(caller: Caller, door: Door, name: string): Promise<readonly string[] | undefined> {
  const there: string[] = []
  for (const tool of ALL) {
    const wanted = toolKey(tool)
    const { code, text } = await callOf(caller, door, { server: 'code', name }, { tools: [wanted] })
    if (isRefusal(code)) return undefined
    if (!text.includes(`There is no tool "${wanted}"`)) there.push(wanted)
  }
  return there.toSorted()
}

/** What a script finds out while it runs. */
async function foundByScript({ gateway, principal }: Caller): Promise<readonly string[] | undefined> {
  const code = `try {
  const { tools: found } = await tools.$search('', { limit: 50 })
  return found.map(({ name }) => name).join(' ')
} catch (error) { return 'refused: ' + error.code }`
  const run = { server: 'code', name: 'run_script' }
  const { code: refusal, text } = await callOf({ gateway, principal }, 'mcp', run, { code, check: 'off' })
  if (refusal !== undefined) expect(REFUSALS).toContain(refusal)
  // A script may be forbidden to search too.
  if (refusal !== undefined || text === 'refused: unknown_tool') return undefined
  return shownIn(gateway, text, 'path')
}

const keysOf = (names: readonly string[], gateway: GovernedGateway): readonly string[] =>
  names
    .flatMap((name) => gateway.snapshot().catalog.resolve(name)?.ref ?? [])
    .filter(({ server }) => server !== 'code')
    .map(toolKey)
    .toSorted()

test('whoever calls, whatever is called, through whichever door: what is listed is what can be called', async () => {
  let compared = 0
  await fc.assert(
    fc.asyncProperty(hierarchies, async (seed) => {
      await using house = await openHierarchy(seed)
      const { gateway, url } = house
      for (const who of WHO) {
        const principal: Principal =
          who === 'token' ? { id: 'token', kind: 'token' } : await gateway.principalOf(who)
        const caller = { gateway, principal }
        const there = new Map<Door, readonly string[]>()
        for (const door of CALL_DOORS) there.set(door, await callable(seed, who, caller, door))

        const secret = secretOf(who)
        const mcp = await httpLine(`${url}/mcp/classic`, 'stateless', secret)
        const stdio = createListing(gateway, 'stdio', { mode: 'classic', autoThresholdTokens: 0 })
        const listed: readonly (readonly [string, Door, readonly string[] | undefined])[] = [
          ['tools/list', 'mcp', keysOf((await mcp.list()).names, gateway)],
          [
            'tools/list',
            'stdio',
            keysOf(
              stdio.tools(principal).map(({ name }) => name as string),
              gateway,
            ),
          ],
          ['GET /v1/tools', 'rest', keysOf((await restLine(url, secret).list()).names, gateway)],
          [
            'tools ls',
            'cli',
            gateway
              .visibleTools(principal, 'cli')
              .map(({ ref }) => toolKey(ref))
              .toSorted(),
          ],
          ['the index', 'script', indexed(caller)],
          [
            'search_tools',
            'script',
            await asked(caller, 'mcp', 'search_tools', { query: '', limit: 50 }, 'path'),
          ],
          ['describe_tools', 'script', await described(caller, 'mcp', 'describe_tools')],
          ['tools.$search', 'script', seed.isScriptRun ? await foundByScript(caller) : undefined],
          [
            'search_tools of mode search',
            'mcp',
            await asked(caller, 'mcp', 'search_tools_classic', { query: '', limit: 50 }, 'exposed'),
          ],
          ['describe_tools of mode search', 'mcp', await described(caller, 'mcp', 'describe_tools_classic')],
        ]
        for (const [what, door, found] of listed) {
          if (found === undefined) continue
          expect([who, what, found]).toEqual([who, what, there.get(door)])
          compared += found.length
        }
      }
    }),
    { numRuns: 32 },
  )
  // Of hierarchies that forbid everything nothing would be learned.
  expect(compared).toBeGreaterThan(200)
})
