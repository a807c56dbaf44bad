import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'

import { expect, test } from 'vitest'

import type { Call } from '../../src/core/call.ts'
import type { GatewayError } from '../../src/core/errors.ts'
import { textResult, type Result } from '../../src/core/result.ts'
import type { Gateway } from '../../src/gateway/gateway.ts'
import { callOf } from '../policy/call-of.ts'
import { openChangingHouse, planOf, versionOf } from './changing-house.ts'
import { textOf } from './text-of.ts'

test('a run goes on over a swap: its next call meets the new rules, and what it is itself stays', async () => {
  const swapped = Promise.withResolvers<void>()
  const script = async (call: Call, { handler }: Gateway): Promise<Result> => {
    const child = (key: string): Promise<string> =>
      handler(callOf(key, {}, { door: 'script', parent: call.id })).then(
        ({ content }) => textOf(content),
        (error: GatewayError) => error.code,
      )
    const before = [await child('alpha.say'), await child('denied.say')]
    await swapped.promise
    const after = [await child('alpha.say'), await child('denied.say')]
    return textResult([...before, ...after].join(' '))
  }
  await using house = openChangingHouse(planOf({ alpha: 'v1', denied: 'v1' }), { script })
  const run = house.gateway.handler(callOf('code.run_script'))
  await nextTurn()
  await house.gateway.reload(planOf({ alpha: 'v2', denied: 'v1' }, { policy: { deny: ['denied.*'] } }))
  swapped.resolve()
  expect(await run).toEqual(textResult('v1 v1 v2 unknown_tool'))
})

test('under load, with 200 calls in flight over ten configurations, no call fails', async () => {
  await using house = openChangingHouse(planOf({ kept: 'v0', changed: 'v0', other: 'v0' }), {
    settled: () => sleep(5),
    answer: async (_call, plan) => {
      await sleep(5 + Math.random() * 30)
      return textResult(versionOf(plan))
    },
  })
  const over = new AbortController()
  const seen = new Set<string>()
  let calls = 0
  const caller = async (server: string): Promise<void> => {
    while (!over.signal.aborted) {
      const { content } = await house.gateway.handler(callOf(`${server}.say`))
      seen.add(`${server} ${textOf(content)}`)
      calls += 1
    }
  }
  const servers = ['kept', 'changed', 'other']
  const callers = Array.from({ length: 200 }, (_, index) => caller(servers[index % 3] ?? 'kept'))
  for (let version = 1; version <= 10; version += 1) {
    await sleep(20)
    await house.gateway.reload(
      planOf(
        { kept: 'v0', changed: `v${version}`, other: `v${version % 2}` },
        { timeoutMs: 5_000 + version },
      ),
    )
  }
  await sleep(20)
  over.abort()
  await Promise.all(callers)
  expect(calls).toBeGreaterThan(1_000)
  expect(house.records.filter(({ outcome }) => outcome !== 'ok')).toEqual([])
  expect(house.gateway.configuration().revision).toBe(11)
  for (let version = 0; version <= 10; version += 1) expect(seen).toContain(`changed v${version}`)
  expect([...seen].filter((answer) => answer.startsWith('kept'))).toEqual(['kept v0'])
  await sleep(0)
  expect(house.started.filter(({ isClosed }) => !isClosed())).toHaveLength(3)
})
