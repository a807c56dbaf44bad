import { createHash } from 'node:crypto'

import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { JsonObject } from '../../src/core/json.ts'
import { createListing } from '../../src/gateway/listing/aggregate.ts'
import { ERAS, rpc, toolsIn, type Era } from '../http/raw-request.ts'
import { SOMEBODY } from '../policy/call-of.ts'
import { openHouse, type House } from './open-house.ts'

let house: House
let url: string

beforeAll(async () => {
  house = openHouse({ scripts: false, servers: { alpha: { one: {}, two: {} }, beta: { three: {} } } })
  ;({ url } = await house.listenHttp())
})
afterAll(() => house.close())

describe('code mode', () => {
  /** Changes of these texts cost every client its prompt cache: change this hash only when you mean to. */
  const PINNED = '050e0b77270db5f29752c705d35348f74801d8406ba7333b93d0f7b4e246c9b6'

  const definitions = async (address: string, era: Era = 'modern'): Promise<readonly JsonObject[]> =>
    toolsIn(await rpc(`${address}/mcp/code`, era, 'tools/list'))

  test('lists its four tools and nothing else', async () => {
    for (const era of ERAS) {
      expect((await definitions(url, era)).map(({ name }) => name)).toEqual([
        'search_tools',
        'describe_tools',
        'run_script',
      ])
    }
  })

  test('lists the same bytes whatever is connected', async () => {
    const hashOf = async (address: string): Promise<string> =>
      createHash('sha256')
        .update(JSON.stringify(await definitions(address)))
        .digest('hex')
    await using empty = openHouse({ scripts: false, servers: {} })
    await using other = openHouse({ scripts: false, servers: { gamma: { run_script: {}, x: {} } } })
    const addresses = [url, (await empty.listenHttp()).url, (await other.listenHttp()).url]
    for (const address of addresses) expect(await hashOf(address)).toBe(PINNED)
  })

  test('costs at most 300 tokens for its definitions', async () => {
    expect(countTokens(JSON.stringify(await definitions(url)))).toBeLessThanOrEqual(300)
  })

  test('calls its own tool where a server has one of the same name', async () => {
    await using other = openHouse({ scripts: false, servers: { alpha: { search_tools: {} } } })
    const address = `${(await other.listenHttp()).url}/mcp/code`
    await rpc(address, 'legacy', 'tools/call', { name: 'search_tools', arguments: { query: '' } })
    expect(other.backends['alpha']?.calls).toEqual([])
    await rpc(address, 'legacy', 'tools/call', { name: 'alpha__search_tools', arguments: { query: '' } })
    expect(other.backends['alpha']?.calls).toHaveLength(1)
  })
})

describe('auto mode', () => {
  test('is classic up to the threshold of tokens and code above it', async () => {
    await using open = openHouse({ scripts: false, servers: { alpha: { one: {}, two: {} } } })
    const isClassic = (thresholdTokens: number): boolean =>
      createListing(open.gateway, 'mcp', { mode: 'auto', autoThresholdTokens: thresholdTokens })
        .tools(SOMEBODY)
        .some(({ name }) => name === 'alpha__one')
    let least = 0
    while (!isClassic(least)) least += 1
    expect(least).toBeGreaterThan(10)
    expect(least).toBeLessThan(200)
    for (const more of [least + 1, least * 2, 1_000_000]) expect(isClassic(more)).toBe(true)
  })

  test('counts only what the principal sees', async () => {
    const servers = {
      alpha: Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`tool_${index}`, {}])),
    }
    await using all = openHouse({ scripts: false, servers })
    await using few = openHouse({
      scripts: false,
      servers,
      serverConfig: { alpha: { tools: { allow: ['tool_1'] } } },
    })
    const shows = (open: House): unknown[] =>
      createListing(open.gateway, 'mcp', { mode: 'auto', autoThresholdTokens: 200 })
        .tools(SOMEBODY)
        .map(({ name }) => name)
    expect(shows(all)).toContain('run_script')
    expect(shows(few)).toEqual(['alpha__tool_1'])
  })

  test('instructs in the mode that it lists', async () => {
    await using open = openHouse({ scripts: false, servers: { alpha: { one: {} } } })
    expect(
      createListing(open.gateway, 'mcp', { mode: 'auto', autoThresholdTokens: 0 }).instructions(SOMEBODY),
    ).toContain('run_script')
    expect(
      createListing(open.gateway, 'mcp', { mode: 'auto', autoThresholdTokens: 1_000_000 }).instructions(
        SOMEBODY,
      ),
    ).not.toContain('run_script')
  })
})
