import { setTimeout as sleep } from 'node:timers/promises'

import { afterEach, describe, expect, test } from 'vitest'

import { mcpHeaders, post, rpcRequest } from '../http/raw-request.ts'
import { eventually } from '../mcp/harness.ts'
import { endOf, faulty, openFaulty, type FaultyHouse } from './faulty-house.ts'

let house: FaultyHouse
const leaving = new Set<AbortController>()
afterEach(async () => {
  for (const controller of leaving) controller.abort()
  leaving.clear()
  await house.close()
})

const CHANGED = 'notifications/tools/list_changed'
/** The storm: 18 changes, three times a second. */
const STORM_SECONDS = 6
const LAST = 'stormy__version_18'

/** Opens a stream by hand, and notes when it told of a change. */
async function listenTo(request: RequestInit): Promise<readonly number[]> {
  const controller = new AbortController()
  leaving.add(controller)
  const { status, body } = await fetch(house.url, { ...request, signal: controller.signal })
  expect(status).toBe(200)
  const told: number[] = []
  const read = async (): Promise<void> => {
    for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      for (const _ of chunk.matchAll(new RegExp(CHANGED, 'g'))) told.push(performance.now())
    }
  }
  void read().catch(() => {})
  return told
}

function listenModern(): Promise<readonly number[]> {
  const { body, headers } = rpcRequest('modern', 'subscriptions/listen', {
    notifications: { toolsListChanged: true },
  })
  return listenTo({ method: 'POST', headers, body })
}

async function listenLegacy(): Promise<readonly number[]> {
  const params = {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'raw', version: '1' },
  }
  const { headers: given } = await post(house.url, rpcRequest('legacy', 'initialize', params).body)
  const headers = mcpHeaders({
    'mcp-session-id': given.get('mcp-session-id') ?? '',
    'mcp-protocol-version': '2025-11-25',
  })
  await post(house.url, JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }), headers)
  return listenTo({ method: 'GET', headers: { ...headers, accept: 'text/event-stream' } })
}

describe.each([
  ['stdio', []],
  ['stdio of 2026-07-28', ['--modern']],
] as const)('a server that changes its tools three times a second (%s)', (_what, flags) => {
  test('is announced about once a second, and the last list is right', async () => {
    house = await openFaulty({ stormy: faulty(flags), calm: faulty() })
    const all = [await listenModern(), await listenModern(), await listenLegacy(), await listenLegacy()]
    expect(endOf(await house.call('stormy__storm')).text).toBe('storm')
    await eventually(async () => expect(await house.names()).toContain(LAST), 12_000)
    await sleep(1_500)
    for (const told of all) {
      expect(told.length).toBeGreaterThan(1)
      // One a second, one for the last change, and one for a timer that came early or late.
      expect(told.length).toBeLessThanOrEqual(STORM_SECONDS + 3)
    }
    expect((await house.names()).filter((name) => name.startsWith('stormy__version'))).toEqual([LAST])
    expect(await house.names()).toContain('calm__ok')
  })
})

// Each of them is throttled, and so are their lists; what a client hears is what all together say.
test('four servers that do it at the same time are announced about once a second', async () => {
  const names = ['a', 'b', 'c', 'd']
  house = await openFaulty(Object.fromEntries(names.map((name) => [name, faulty()])))
  const told = await listenModern()
  for (const name of names) {
    await house.call(`${name}__storm`)
    await sleep(200)
  }
  await eventually(async () => {
    expect(await house.names()).toEqual(expect.arrayContaining(names.map((name) => `${name}__version_18`)))
  }, 15_000)
  await sleep(1_000)
  expect(told.length).toBeLessThanOrEqual(STORM_SECONDS + 4)
})
