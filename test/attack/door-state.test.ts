import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'

import { post, rpc, rpcRequest, type RawAnswer } from '../http/raw-request.ts'
import { expectProper, openDoor, openForPrincipals, type DoorArena } from './door-arena.ts'

let door: DoorArena
let shared: { readonly url: string; readonly close: () => Promise<void> }

beforeAll(async () => {
  door = await openDoor()
  shared = await openForPrincipals(door.house)
})
afterEach(() => door.serves())
afterAll(async () => {
  await shared.close()
  await door.close()
})

const INVALID_PARAMS = -32602
const ARGUMENTS = { amount: 1 }
const ANSWER = { sure: { action: 'accept', content: {} } }

/** A call of a tool that asks its client before it answers. */
async function call(who: string, params: object, name = 'alpha__asks'): Promise<RawAnswer> {
  const _meta = { 'io.modelcontextprotocol/clientCapabilities': { elicitation: {} } }
  const { body, headers } = rpcRequest('modern', 'tools/call', {
    name,
    arguments: ARGUMENTS,
    _meta,
    ...params,
  })
  const answer = await post(shared.url, body, { ...headers, authorization: who })
  expectProper(answer)
  return answer
}

async function ask(who = 'alice'): Promise<string> {
  const { last } = await call(who, {})
  expect(last.result).toMatchObject({ resultType: 'input_required', inputRequests: { sure: {} } })
  return String(last.result?.['requestState'])
}

const reached = (): number => door.house.backends['alpha']?.calls.length ?? 0

test('the one who was asked answers, once: the call ends with the arguments that it began with', async () => {
  const requestState = await ask()
  const before = reached()
  const { last } = await call('alice', { requestState, inputResponses: ANSWER })
  expect(last.result?.['content']).toEqual([
    { type: 'text', text: JSON.stringify({ answers: ANSWER, args: ARGUMENTS }) },
  ])
  expect(reached()).toBe(before)
  const again = await call('alice', { requestState, inputResponses: ANSWER })
  expect(again.last.error?.code).toBe(INVALID_PARAMS)
  expect(reached()).toBe(before)
})

describe('a state is refused, reaches nothing, and stays with its owner', () => {
  test.each<[string, (state: string) => Promise<RawAnswer>]>([
    ['of another', (requestState) => call('bob', { requestState, inputResponses: ANSWER })],
    [
      'with other arguments',
      (requestState) => call('alice', { requestState, inputResponses: ANSWER, arguments: { amount: 1_000 } }),
    ],
    [
      'with arguments in __proto__',
      (requestState) =>
        call('alice', {
          requestState,
          inputResponses: ANSWER,
          arguments: JSON.parse('{"__proto__":{"amount":1}}') as object,
        }),
    ],
    [
      'of another tool',
      (requestState) => call('alice', { requestState, inputResponses: ANSWER }, 'alpha__write'),
    ],
    [
      'of a forbidden tool',
      (requestState) => call('alice', { requestState, inputResponses: ANSWER }, 'alpha__secret'),
    ],
    [
      'with a letter more',
      (requestState) => call('alice', { requestState: `${requestState}A`, inputResponses: ANSWER }),
    ],
    [
      'with a letter less',
      (requestState) => call('alice', { requestState: requestState.slice(1), inputResponses: ANSWER }),
    ],
    [
      'of a client that can no longer be asked',
      (requestState) =>
        call('alice', {
          requestState,
          inputResponses: ANSWER,
          _meta: { 'io.modelcontextprotocol/clientCapabilities': {} },
        }),
    ],
  ])('%s', async (_what, misuse) => {
    const requestState = await ask()
    const before = reached()
    const { last } = await misuse(requestState)
    expect(last.error).toMatchObject({ code: INVALID_PARAMS, data: { code: 'unknown_state' } })
    expect(reached()).toBe(before)
    const { last: right } = await call('alice', { requestState, inputResponses: ANSWER })
    expect(right.result?.['resultType']).toBe('complete')
  })

  test('of two that answer at the same time, one is served', async () => {
    const requestState = await ask()
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => call('alice', { requestState, inputResponses: ANSWER })),
    )
    expect(answers.filter(({ last }) => last.result !== undefined)).toHaveLength(1)
  })

  test('made up', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.string(), fc.base64String({ minLength: 32, maxLength: 32 })),
        async (requestState) => {
          const before = reached()
          const { last } = await call('alice', { requestState, inputResponses: ANSWER })
          expect(last.error?.code).toBe(INVALID_PARAMS)
          expect(reached()).toBe(before)
        },
      ),
      { numRuns: 100, interruptAfterTimeLimit: 10_000 },
    )
  })

  test.each([5, null, {}, ['x'], true])('%j, which is no text', async (requestState) => {
    const before = reached()
    const { last } = await call('alice', { requestState, inputResponses: ANSWER })
    expect(last.error?.code).toBe(INVALID_PARAMS)
    expect(reached()).toBe(before)
  })
})

test('answers of any form: the call goes on or asks again', async () => {
  const responses = fc.oneof(
    fc.constantFrom<unknown>(null, 5, 'x', [], {}, { sure: null }, { sure: 5 }, { sure: [] }, { other: {} }),
    fc
      .constantFrom('{"__proto__":{"action":"accept"}}', '{"sure":{"__proto__":{"polluted":1}}}')
      .map((text): unknown => JSON.parse(text)),
    fc.dictionary(fc.constantFrom('sure', 'Sure', 'constructor', 'x'), fc.jsonValue({ maxDepth: 2 })),
  )
  await fc.assert(
    fc.asyncProperty(responses, async (inputResponses) => {
      const requestState = await ask()
      const before = reached()
      const { last } = await call('alice', { requestState, inputResponses })
      expect(last.result?.['resultType']).toMatch(/^(?:complete|input_required)$/)
      const next = last.result?.['requestState']
      if (next !== undefined) await call('alice', { requestState: next, inputResponses: ANSWER })
      expect(reached()).toBe(before)
    }),
    { numRuns: 100, interruptAfterTimeLimit: 15_000 },
  )
})

describe('a cursor that was made up is refused, in both eras', () => {
  const encode = (text: string): string => Buffer.from(text).toString('base64url')
  const cursors: readonly unknown[] = [
    encode('alpha__secret'),
    encode('none'),
    '__proto__',
    'AAAA',
    'x'.repeat(10_000),
    -1,
    null,
    {},
    [encode('alpha__read')],
  ]
  test.each(['tools/list', 'prompts/list', 'resources/list', 'resources/templates/list'])(
    '%s',
    async (method) => {
      for (const era of ['legacy', 'modern'] as const) {
        for (const cursor of cursors) {
          const answer = await rpc(door.url, era, method, { cursor })
          expectProper(answer)
          expect([cursor, answer.last.error?.code]).toEqual([cursor, INVALID_PARAMS])
        }
      }
    },
  )

  test('one that names a hidden tool is answered like one that names nothing', async () => {
    const [hidden, nothing] = await Promise.all(
      ['alpha__secret', 'alpha__nothing'].map((name) =>
        rpc(door.url, 'legacy', 'tools/list', { cursor: encode(name) }),
      ),
    )
    expect(hidden?.last).toEqual(nothing?.last)
  })

  test('any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 60, unit: 'binary' }), async (cursor) => {
        const answer = await rpc(door.url, 'modern', 'tools/list', { cursor })
        expectProper(answer)
        if (answer.last.error === undefined)
          expect(answer.last.result?.['tools']).not.toContain('alpha__secret')
      }),
      { numRuns: 200, interruptAfterTimeLimit: 10_000 },
    )
  })
})
