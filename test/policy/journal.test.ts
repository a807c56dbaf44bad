import { expect, test } from 'vitest'

import type { Call, Handler } from '../../src/core/call.ts'
import { describeError, GatewayError } from '../../src/core/errors.ts'
import type { JournalRecord } from '../../src/core/ports.ts'
import { textResult } from '../../src/core/result.ts'
import { createJournalLayer } from '../../src/policy/layers/journal.ts'
import { callOf, heldClock } from './call-of.ts'

/** Sends a call through the layer alone; tells what came of it and what was written. */
async function journalOf(
  next: Handler,
  call: Call = callOf('alpha.read'),
): Promise<{ records: JournalRecord[]; faults: unknown[]; error?: unknown }> {
  const records: JournalRecord[] = []
  const faults: unknown[] = []
  const clock = heldClock()
  const layer = createJournalLayer(
    { write: (record) => void records.push(record) },
    clock,
    (callId, cause) => void faults.push([callId, cause]),
  )
  const error: unknown = await layer((inner) => {
    clock.advance(25)
    return next(inner)
  })(call).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return error === undefined ? { records, faults } : { records, faults, error }
}

test('a call that went well is written with who, what, when, through which door and how long', async () => {
  const { records } = await journalOf(
    async () => textResult('fine'),
    callOf('alpha.read', { password: 'hunter2' }, { id: 'child', parent: 'run', door: 'script' }),
  )
  expect(records).toEqual([
    {
      id: 'child',
      parent: 'run',
      atMs: expect.any(Number) as number,
      door: 'script',
      principal: 'somebody',
      tool: 'alpha.read',
      durationMs: 25,
      outcome: 'ok',
    },
  ])
})

test("a tool's own failure is written as one", async () => {
  const { records } = await journalOf(async () => ({ ...textResult('no'), isError: true }))
  expect(records).toMatchObject([{ outcome: 'tool_error' }])
  expect(records[0]).not.toHaveProperty('code')
})

test('a refusal is written with its code, and reaches the caller as it is', async () => {
  const refusal = new GatewayError('overloaded', 'Full.')
  const { records, error } = await journalOf(() => Promise.reject(refusal))
  expect(records).toMatchObject([{ outcome: 'refused', code: 'overloaded' }])
  expect(error).toBe(refusal)
})

test('a refusal that is thrown at once is written too', async () => {
  const { records, error } = await journalOf(() => {
    throw new GatewayError('unknown_tool', 'Nothing.')
  })
  expect(records).toMatchObject([{ outcome: 'refused', code: 'unknown_tool' }])
  expect(error).toMatchObject({ code: 'unknown_tool' })
})

test.each([
  ['an error', new TypeError('cannot read /etc/secret')],
  ['a text', 'cannot read /etc/secret'],
  ['an object that looks like one of ours', { code: 'unknown_tool', message: 'cannot read /etc/secret' }],
  ['null', null],
])('garbage that was thrown becomes internal and keeps its words to itself: %s', async (_what, thrown) => {
  const { records, faults, error } = await journalOf(() => Promise.reject(thrown))
  expect(records).toMatchObject([{ outcome: 'refused', code: 'internal' }])
  // The log gets what the caller does not.
  expect(faults).toEqual([['call-1', thrown]])
  expect(error).toBeInstanceOf(GatewayError)
  expect(describeError(error as GatewayError)).not.toContain('/etc/secret')
  expect(describeError(error as GatewayError)).toContain('call-1')
  expect((error as GatewayError).cause).toBe(thrown)
})
