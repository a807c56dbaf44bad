import { expect, test } from 'vitest'

import type { Call, Layer } from '../../src/core/call.ts'
import { GatewayError } from '../../src/core/errors.ts'
import type { JournalRecord } from '../../src/core/ports.ts'
import { textResult, type Result } from '../../src/core/result.ts'
import { composeLayers, type LayerPorts } from '../../src/gateway/layers.ts'
import { createArgumentValidator } from '../../src/policy/arguments.ts'
import { createSlotsLayer } from '../../src/policy/layers/slots.ts'
import { LAYER_ORDER } from '../../src/policy/order.ts'
import { callOf, heldClock } from './call-of.ts'
import { PLAIN } from './judge-of.ts'

/** The handler of the gateway over ports that write down when they are asked. */
function observed(overrides: Partial<LayerPorts> = {}): {
  handler: (call: Call) => Promise<Result>
  asked: string[]
  records: JournalRecord[]
} {
  const asked: string[] = []
  const records: JournalRecord[] = []
  const clock = heldClock()
  const noting = <Answer>(layer: string, answer: Answer): Answer => {
    asked.push(layer)
    return answer
  }
  const noted =
    (layer: string): Layer =>
    (next) =>
    (call) =>
      noting(layer, next)(call)
  const handler = composeLayers(
    {
      clock: { ...clock, monotonicMs: () => (asked.length === 0 ? noting('journal', 0) : 0) },
      journal: { write: (record) => void records.push(record) },
      onFault: () => {},
      timeoutMsOf: () => noting('deadline', 60_000),
      directory: {
        judge: () => noting('admit', { verdict: 'allow', isVisible: true, standing: PLAIN }),
        isReadOnly: () => false,
        standingOf: () => PLAIN,
        nearest: () => [],
      },
      redact: noted('redact'),
      limits: noted('limits'),
      approve: noted('approve'),
      specOf: (ref) =>
        noting('validate', { ref, inputSchema: { type: 'object', required: ['a'] }, definition: {} }),
      validator: createArgumentValidator(),
      sampleOf: () => textResult('sampled'),
      slots: createSlotsLayer(() => noting('slots', { concurrency: 1, queue: 0 })),
      ...overrides,
    },
    async () => textResult('dispatched'),
  )
  return { handler, asked, records }
}

test('a call walks through the layers in the order of the house', async () => {
  const { handler, asked } = observed()
  expect(await handler(callOf('alpha.read', { a: 1 }))).toEqual(textResult('dispatched'))
  // The layer that simulates asks nothing of a call that is meant.
  expect(asked).toEqual(LAYER_ORDER.map(({ layer }) => layer).filter((layer) => layer !== 'simulate'))
})

test('a call that is only simulated passes all that may refuse it, and takes no slot', async () => {
  const { handler, asked, records } = observed()
  const simulated = callOf('alpha.read', { a: 1 }, { isSimulated: true })
  expect(await handler(simulated)).toEqual(textResult('sampled'))
  expect(asked).toEqual(['journal', 'redact', 'deadline', 'admit', 'validate', 'limits', 'approve'])
  expect(records).toMatchObject([{ outcome: 'ok', isSimulated: true }])
  await expect(handler({ ...simulated, args: {} })).rejects.toMatchObject({ code: 'invalid_arguments' })
})

test('each layer has a reason for its place', () => {
  for (const { why } of LAYER_ORDER) expect(why.length).toBeGreaterThan(10)
})

test('what is refused by admit is neither validated nor given a slot, and is recorded', async () => {
  const { handler, asked, records } = observed({
    directory: {
      judge: () => undefined,
      isReadOnly: () => false,
      standingOf: () => PLAIN,
      nearest: () => [],
    },
  })
  await expect(handler(callOf('alpha.read', {}))).rejects.toMatchObject({ code: 'unknown_tool' })
  expect(asked).toEqual(['journal', 'redact', 'deadline'])
  expect(records).toMatchObject([{ outcome: 'refused', code: 'unknown_tool' }])
})

test('what does not fit the schema takes no slot, and is recorded', async () => {
  const { handler, asked, records } = observed()
  await expect(handler(callOf('alpha.read', {}))).rejects.toMatchObject({ code: 'invalid_arguments' })
  expect(asked).not.toContain('slots')
  expect(records).toMatchObject([{ outcome: 'refused', code: 'invalid_arguments' }])
})

test('whatever a layer throws, the handler rejects with an error of the table', async () => {
  const { handler, records } = observed({
    slots: () => () => {
      throw new TypeError('of something inside')
    },
  })
  const error: unknown = await handler(callOf('alpha.read', { a: 1 })).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(GatewayError)
  expect(error).toMatchObject({ code: 'internal' })
  expect(records).toHaveLength(1)
})
