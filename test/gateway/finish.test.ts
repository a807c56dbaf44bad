import { expect, test } from 'vitest'

import { textResult, type Result } from '../../src/core/result.ts'
import { callOf } from '../policy/call-of.ts'
import { openChangingHouse, planOf } from './changing-house.ts'

test('a gateway that finishes refuses new calls, lets those in flight end, and records both', async () => {
  const letGo = Promise.withResolvers<Result>()
  await using house = openChangingHouse(planOf({ alpha: 'v1' }), { answer: () => letGo.promise })
  const begun = house.gateway.handler(callOf('alpha.say'))
  let isDone = false
  const finished = house.gateway.finish(5_000).then(() => (isDone = true))
  expect(house.gateway.isStopping()).toBe(true)
  await expect(house.gateway.handler(callOf('alpha.say'))).rejects.toMatchObject({ code: 'shutting_down' })
  expect(isDone).toBe(false)
  letGo.resolve(textResult('done'))
  expect(await begun).toEqual(textResult('done'))
  await finished
  expect(house.records.map(({ outcome, code }) => [outcome, code])).toEqual([
    ['refused', 'shutting_down'],
    ['ok', undefined],
  ])
})

test('a run that is in flight may still make its calls', async () => {
  await using house = openChangingHouse(planOf({ alpha: 'v1' }))
  await house.gateway.finish(10)
  const child = callOf('alpha.say', {}, { door: 'script', parent: 'run-1' })
  expect(await house.gateway.handler(child)).toEqual(textResult('v1'))
})

test('it waits no longer than the limit; what is left ends when it closes', async () => {
  await using house = openChangingHouse(planOf({ alpha: 'v1' }), { answer: () => new Promise(() => {}) })
  const begun = expect(house.gateway.handler(callOf('alpha.say'))).rejects.toMatchObject({
    code: 'upstream_closed',
  })
  await house.gateway.finish(20)
  await house.gateway.close()
  await begun
})

test('no configuration is applied any more', async () => {
  await using house = openChangingHouse(planOf({ alpha: 'v1' }))
  await house.gateway.finish(10)
  await expect(house.gateway.reload(planOf({ alpha: 'v2' }))).rejects.toMatchObject({ code: 'shutting_down' })
  expect(house.started).toHaveLength(1)
})
