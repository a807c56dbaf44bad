import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { JsonObject } from '../src/core/json.ts'
import { DOORS, type DoorClient, type Outcome } from './gateway/door-clients.ts'
import { openDoorsHouse } from './gateway/doors-house.ts'
import type { House } from './gateway/open-house.ts'

/** One call and how it must end, whatever door it comes through. */
const CASES: readonly [string, string, JsonObject, Outcome][] = [
  ['an allowed call', 'alpha.say', { text: 'hello' }, { kind: 'content', text: 'said hello' }],
  ['an unknown tool', 'alpha.nothing', {}, { kind: 'refused', code: 'unknown_tool' }],
  ['an unknown server', 'omega.say', { text: 'hello' }, { kind: 'refused', code: 'unknown_tool' }],
  ['a forbidden tool', 'alpha.secret', {}, { kind: 'refused', code: 'unknown_tool' }],
  ['a missing argument', 'alpha.say', {}, { kind: 'refused', code: 'invalid_arguments' }],
  [
    'an unknown argument',
    'alpha.say',
    { text: 'a', txt: 'b' },
    { kind: 'refused', code: 'invalid_arguments' },
  ],
  ["a tool's own failure", 'alpha.fails', {}, { kind: 'tool error', text: 'it went wrong' }],
  ['a tool that never answers', 'alpha.hangs', {}, { kind: 'refused', code: 'call_timeout' }],
  ['a server that is down', 'alpha.down', {}, { kind: 'refused', code: 'upstream_unavailable' }],
  ['a mistake of the gateway', 'alpha.breaks', {}, { kind: 'refused', code: 'internal' }],
]

describe.each(Object.entries(DOORS))('through %s', (_door, openClient) => {
  let house: House
  let client: DoorClient

  beforeAll(async () => {
    house = openDoorsHouse()
    const { url } = await house.listenHttp()
    client = await openClient(house, url)
  })
  afterAll(async () => {
    await client.close()
    await house.close()
  })

  test.each(CASES)('%s ends as through every other door', async (_what, tool, args, expected) => {
    expect(await client.call(tool, args)).toEqual(expected)
  })

  test('a forbidden tool is never reached, however it is named', async () => {
    for (const tool of ['alpha.secret', 'alpha.Secret', 'ALPHA.secret', 'alpha.secret ']) {
      const outcome = await client.call(tool, {}).catch(() => ({ kind: 'refused' }))
      expect(outcome.kind).not.toBe('content')
    }
    const outcome = await client.call('alpha.reached', {})
    expect(outcome).toMatchObject({ kind: 'content', text: expect.stringContaining('say') as string })
    expect(outcome).not.toMatchObject({ text: expect.stringContaining('secret') as string })
  })
})
