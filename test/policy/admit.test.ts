import { expect, test } from 'vitest'

import { describeError, toGatewayError } from '../../src/core/errors.ts'
import type { Trail } from '../../src/core/trail.ts'
import { toolKey } from '../../src/core/tool.ts'
import { textResult } from '../../src/core/result.ts'
import { createAdmitLayer } from '../../src/policy/layers/admit.ts'
import { callOf } from './call-of.ts'
import { PLAIN } from './judge-of.ts'

const layer = createAdmitLayer({
  judge: ({ tool, args }) => {
    const key = toolKey(tool)
    const isVisible = key === 'alpha.read'
    if (!isVisible && key !== 'alpha.secret') return undefined
    const isAllowed = isVisible && args['path'] !== '/etc/passwd'
    return { verdict: isAllowed ? 'allow' : 'deny', source: 'rule 1', isVisible, standing: PLAIN }
  },
  standingOf: () => PLAIN,
  isReadOnly: () => true,
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

test('a tool that is there and is refused because of its arguments is no secret, and its rule is', async () => {
  const handler = layer(async () => textResult('reached'))
  const refusal: unknown = await (async () => handler(callOf('alpha.read', { path: '/etc/passwd' })))().catch(
    (thrown: unknown) => thrown,
  )
  expect(refusal).toMatchObject({ code: 'policy_denied' })
  expect(
    JSON.stringify([describeError(toGatewayError(refusal)), toGatewayError(refusal).detail]),
  ).not.toContain('rule 1')
})

test('what was found out goes into the trail, also where the call is refused', async () => {
  const handler = layer(async () => textResult('reached'))
  const trails = [{}, {}, {}] satisfies Trail[]
  await handler(callOf('alpha.read', {}, { trail: trails[0] as Trail }))
  for (const [index, key] of ['alpha.secret', 'alpha.nosuch'].entries()) {
    const call = callOf(key, {}, { trail: trails[index + 1] as Trail })
    await expect((async () => handler(call))()).rejects.toMatchObject({ code: 'unknown_tool' })
  }
  const known = { verdict: 'deny', rule: 'rule 1', isReadOnly: true, standing: PLAIN }
  expect(trails).toEqual([{ ...known, verdict: 'allow' }, known, { standing: PLAIN }])
})
