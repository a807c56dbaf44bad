import { expect, test } from 'vitest'

import { describeError, toGatewayError } from '../../src/core/errors.ts'
import { toolKey } from '../../src/core/tool.ts'
import { textResult } from '../../src/core/result.ts'
import { createAdmitLayer } from '../../src/policy/layers/admit.ts'
import { callOf } from './call-of.ts'

const layer = createAdmitLayer({
  isVisible: (_principal, tool) => toolKey(tool) === 'alpha.read',
  nearest: () => ['alpha__read'],
})

/** The whole answer to a call that is refused, as a client would get it. */
async function refusalOf(key: string): Promise<string> {
  const handler = layer(async () => textResult('reached'))
  try {
    await handler(callOf(key))
  } catch (thrown) {
    const error = toGatewayError(thrown)
    return JSON.stringify([error.code, describeError(error), error.detail])
  }
  throw new Error(`${key} was not refused`)
}

test('a visible tool is passed on', async () => {
  expect(await layer(async () => textResult('reached'))(callOf('alpha.read'))).toEqual(textResult('reached'))
})

test('a tool that is refused is never passed on', async () => {
  let reached = false
  const handler = layer(async () => {
    reached = true
    return textResult('reached')
  })
  await expect((async () => handler(callOf('alpha.secret')))()).rejects.toMatchObject({
    code: 'unknown_tool',
  })
  expect(reached).toBe(false)
})

test('a forbidden and an unknown tool give the same answer but for the name', async () => {
  const forbidden = await refusalOf('alpha.secret')
  const unknown = await refusalOf('alpha.nosuch')
  expect(forbidden.replaceAll('secret', 'NAME')).toBe(unknown.replaceAll('nosuch', 'NAME'))
})

test('an enormous name comes back cut', async () => {
  expect((await refusalOf(`alpha.${'x'.repeat(100_000)}`)).length).toBeLessThan(1_000)
})
