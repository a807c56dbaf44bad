import fc from 'fast-check'
import { expect, test } from 'vitest'

import { toBody, toEventText } from '../../src/audit/event-text.ts'
import { canonicalJson, type Json } from '../../src/core/json.ts'
import { ANY_EVENT, callEvent } from './events.ts'

test('an event is written as canonicalJson writes it', () => {
  fc.assert(
    fc.property(ANY_EVENT, (event) => {
      const text = toEventText(event)
      expect(text).toBe(canonicalJson(event as unknown as Json))
      expect(text).not.toContain('\n')
      expect(Buffer.from(text).toString()).toBe(text)
    }),
    { numRuns: 500 },
  )
})

test('every member has its place', () => {
  const [event] = fc.sample(
    ANY_EVENT.filter((one) => Object.keys(one).length === 22),
    1,
  )
  expect(Object.keys(JSON.parse(toEventText(event as never)) as object)).toEqual(
    Object.keys(event as object).sort(),
  )
})

test('what is searched for stands beside the text', () => {
  const event = callEvent(1)
  const { atMs, kind, principal, tool, outcome } = event
  expect(toBody(event)).toEqual({ body: toEventText(event), atMs, kind, principal, tool, outcome })
})

test('what a stranger can make long is cut', () => {
  const long = `${'x'.repeat(2_046)}😀${'y'.repeat(10_000_000)}`
  const text = toEventText(callEvent(1, { tool: long, detail: { long } }))
  expect(text.length).toBeLessThan(3_000)
  expect(JSON.parse(text)).toMatchObject({ detail: { omittedCharacters: expect.any(Number) } })
})
