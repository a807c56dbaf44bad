import { expect, test } from 'vitest'

import {
  toBindingValue as toValue,
  toFailureMessage,
} from '../../../../src/scripts/run/calls/binding-value.ts'

const toBindingValue = (result: Parameters<typeof toValue>[0]) =>
  toValue(result, async (block) => ({ seen: block }))

const text = (...texts: string[]): { content: { type: string; text: string }[] } => ({
  content: texts.map((one) => ({ type: 'text', text: one })),
})

test('a binding gives structured content first, then JSON, then text, then the blocks', async () => {
  expect(toBindingValue({ ...text('x'), structuredContent: { a: 1 } })).toEqual({ a: 1 })
  expect(toBindingValue(text('{"a":1}'))).toEqual({ a: 1 })
  expect(toBindingValue(text(' [1]'))).toEqual([1])
  expect(toBindingValue(text('{not JSON}'))).toBe('{not JSON}')
  expect(toBindingValue(text('42'))).toBe('42')
  expect(toBindingValue(text('a', 'b'))).toBe('a\nb')
  expect(toBindingValue(text())).toBe('')
  const image = { content: [{ type: 'image', data: 'x' }] }
  expect(await toBindingValue(image)).toEqual([{ seen: { type: 'image', data: 'x' } }])
})

test('a failure has a message, whatever the tool said', () => {
  expect(toFailureMessage(text('no'))).toBe('no')
  expect(toFailureMessage(text())).toBe('The tool failed without a message.')
  expect(toFailureMessage({ content: [], structuredContent: { reason: 'x' } })).toBe('{"reason":"x"}')
})
