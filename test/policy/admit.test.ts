import { describe, expect, test } from 'vitest'

import type { Call, Handler } from '../../src/core/call.ts'
import { describeError, GatewayError, toGatewayError } from '../../src/core/errors.ts'
import type { Trail } from '../../src/core/trail.ts'
import { toolKey } from '../../src/core/tool.ts'
import { textResult } from '../../src/core/result.ts'
import { createAdmitLayer } from '../../src/policy/layers/admit.ts'
import { createApproveLayer } from '../../src/policy/layers/approve.ts'
import { callOf } from './call-of.ts'
import { PLAIN } from './judge-of.ts'

const layer = createAdmitLayer({
  judge: ({ tool, args }) => {
    const key = toolKey(tool)
    const isVisible = key === 'alpha.read'
    if (!isVisible && key !== 'alpha.secret') return undefined
    const isAllowed = isVisible && args['path'] !== '/etc/passwd'
    const allowed = args['path'] === '/etc/hosts' ? 'ask' : 'allow'
    return { verdict: isAllowed ? allowed : 'deny', source: 'rule 1', isVisible, standing: PLAIN }
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

describe('a request about a task that the tool began', () => {
  const about = (key: string, path: string, method: string): [Call, Trail] => {
    const trail: Trail = {}
    return [callOf(key, { taskId: 'task-1', path }, { method, trail }), trail]
  }
  const pass: Handler = createApproveLayer({
    seek: () => Promise.reject(new GatewayError('approval_pending', 'Wait.')),
    toEffect: () => {
      throw new Error('Nothing is planned here.')
    },
  })(async () => textResult('reached'))

  test.each(['tasks/get', 'tasks/result', 'tasks/cancel', 'tasks/update'])(
    'has none of its arguments, so rules about them and approvals say nothing to %s',
    async (method) => {
      for (const path of ['/etc/passwd', '/etc/hosts']) {
        const [call, trail] = about('alpha.read', path, method)
        expect(await layer(pass)(call)).toEqual(textResult('reached'))
        expect(trail).toMatchObject({ verdict: 'allow', standing: PLAIN })
        expect(trail.rule).toBeUndefined()
      }
    },
  )

  test('is refused where the tool is forbidden, or the key has ended', async () => {
    const [call] = about('alpha.secret', '', 'tasks/get')
    await expect((async () => layer(pass)(call))()).rejects.toMatchObject({ code: 'unknown_tool' })
    const revoked = createAdmitLayer({
      judge: () => {
        throw new GatewayError('key_revoked', 'The key has ended.')
      },
      standingOf: () => PLAIN,
      isReadOnly: () => true,
      nearest: () => [],
    })
    const [other] = about('alpha.read', '', 'tasks/get')
    await expect((async () => revoked(pass)(other))()).rejects.toMatchObject({ code: 'key_revoked' })
  })

  test.each(['tools/call', 'tasks/list', 'tasks/x', 'x/tasks/get'])('is not %s', async (method) => {
    const [denied] = about('alpha.read', '/etc/passwd', method)
    await expect((async () => layer(pass)(denied))()).rejects.toMatchObject({ code: 'policy_denied' })
    const [asked] = about('alpha.read', '/etc/hosts', method)
    await expect((async () => layer(pass)(asked))()).rejects.toMatchObject({ code: 'approval_pending' })
  })

  test('is not what only has the name of one, of no tool', async () => {
    const [call] = about('alpha.read', '/etc/passwd', 'tasks/get')
    const ofMethod: Call = { ...call, tool: { ...call.tool, kind: 'method' } }
    await expect((async () => layer(pass)(ofMethod))()).rejects.toMatchObject({ code: 'policy_denied' })
  })
})
