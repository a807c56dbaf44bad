import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { JsonObject } from '../../src/core/json.ts'
import { ERAS, rpc, toolsIn } from '../http/raw-request.ts'
import { toComparable } from './comparable.ts'
import { listsDifferences } from './differences.ts'
import { readByEnvelope, readBySession } from './http-conversation.ts'
import type { List } from './lists.ts'
import { serveServers, type Serving } from './serve.ts'
import { REAL_SERVERS } from './servers.ts'
import { prepareServer } from './start.ts'
import { readByDiscovery, readByHandshake, type Said, type Start } from './stdio-conversation.ts'

/** Installing on a slow line, once; after that it takes seconds. */
const PREPARE_MS = 30 * 60_000

/** A server as it is without a gateway. */
interface Direct {
  readonly start: Start
  readonly said: Said
}

let place: string
let serving: Serving | undefined
const known = new Map<string, Direct>()

beforeAll(async () => {
  place = await realpath(await mkdtemp(join(tmpdir(), 'isogate-lossless-')))
  for (const [index, server] of REAL_SERVERS.entries()) {
    console.log(`[${index + 1}/${REAL_SERVERS.length}] ${server.pack}`)
    const start = await prepareServer(server, place)
    known.set(server.name, { start, said: await readByHandshake(start) })
  }
  console.log('Starting a gateway over all of them')
  // They start all at once, on few processors.
  const timeouts = { connectMs: 120_000, listMs: 60_000 }
  serving = await serveServers(
    Object.fromEntries([...known].map(([name, { start }]) => [name, { ...start, timeouts }])),
  )
}, PREPARE_MS)
afterAll(async () => {
  await serving?.close()
  await rm(place, { recursive: true, force: true })
})

function directly(name: string): Direct {
  const direct = known.get(name)
  if (direct === undefined) throw new Error(`${name} was not asked`)
  return direct
}

const urlOf = (path: string): string => `${serving?.url ?? ''}${path}`

describe.each(REAL_SERVERS)('$name ($pack)', (server) => {
  const { name, protocol, tools } = server

  test('says directly what is known of it', () => {
    const { protocolVersion, lists } = directly(name).said
    expect(protocolVersion).toBe(protocol)
    expect(lists.tools).toHaveLength(tools)
  })

  test.each([
    ['a session of 2025-11-25', 'legacy', readBySession],
    ['2026-07-28', 'modern', readByEnvelope],
  ] as const)('lists the same through its own endpoint, with %s', async (_how, era, read) => {
    const { lists } = await read(urlOf(`/mcp/s/${name}`))
    const expected = toComparable(directly(name).said.lists, era, server)
    expect(listsDifferences(expected, toComparable(lists, era, server))).toEqual([])
  })

  test.each(ERAS)('has every tool in the classic list, renamed only (%s)', async (era) => {
    const all = toolsIn(await rpc(urlOf('/mcp/classic'), era, 'tools/list'))
    const own = all.filter((tool) => nameOf(tool).startsWith(`${name}__`))
    const { lists } = directly(name).said
    const expected = toComparable({ ...lists, tools: rename(name, lists.tools, own) }, era, server)
    expect(listsDifferences(expected, toComparable({ ...lists, tools: own }, era, server))).toEqual([])
  })
})

test.each(REAL_SERVERS.filter(({ modern }) => modern))(
  '$name lists the same directly in both eras',
  async ({ name }) => {
    const { start, said } = directly(name)
    const { protocolVersion, lists } = await readByDiscovery(start)
    expect(protocolVersion).toContain('2026-07-28')
    expect(listsDifferences(said.lists, lists)).toEqual([])
  },
)

test('the classic list has nothing else, and each name once', async () => {
  const names = toolsIn(await rpc(urlOf('/mcp/classic'), 'modern', 'tools/list')).map(nameOf)
  expect(names).toHaveLength(REAL_SERVERS.reduce((sum, { tools }) => sum + tools, 0))
  expect(new Set(names).size).toBe(names.length)
})

const nameOf = (tool: JsonObject | undefined): string => (tool?.['name'] ?? '') as string

/** Gives tools the names of the classic list: server and tool. Any name will do where that one is refused by clients. */
function rename(server: string, tools: List, listed: readonly JsonObject[]): List {
  if (typeof tools === 'string') return tools
  const isAccepted = (name: string): boolean => /^[\w-]{1,64}$/.test(name)
  return tools.map((tool, index) => {
    const whole = `${server}__${nameOf(tool)}`
    const given = nameOf(listed[index])
    return { ...tool, name: !isAccepted(whole) && isAccepted(given) ? given : whole }
  })
}
