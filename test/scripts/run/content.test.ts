import { expect, test } from 'vitest'

import type { JsonObject } from '../../../src/core/json.ts'
import { createRunContent } from '../../../src/scripts/run/content.ts'

const IMAGE = { type: 'image', mimeType: 'image/png', data: 'aGVsbG8=' }
const BLOB = {
  type: 'resource',
  resource: { uri: 'file:///a', mimeType: 'application/pdf', blob: 'aGVsbG8=' },
}

function open() {
  const kept: JsonObject[] = []
  return { kept, content: createRunContent((block) => `h_${kept.push(block)}`) }
}

test('bytes become a reference with their size; what has none stays as it is', () => {
  const { content } = open()
  expect(content.toReference(IMAGE)).toEqual({
    type: 'image',
    mimeType: 'image/png',
    bytes: 6,
    handle: 'h_1',
  })
  expect(content.toReference(BLOB)).toEqual({
    type: 'resource',
    resource: { uri: 'file:///a', mimeType: 'application/pdf' },
    bytes: 6,
    handle: 'h_2',
  })
  const text = { type: 'text', text: 'x' }
  expect(content.toReference(text)).toBe(text)
})

test('a reference in the value brings its block, once and in order, wherever it stands', () => {
  const { content } = open()
  const image = content.toReference(IMAGE)
  const blob = content.toReference(BLOB)
  expect(content.inValue({ a: [blob, { b: image }], again: image['handle'] as string })).toEqual([
    BLOB,
    IMAGE,
  ])
  expect(content.inValue({ a: 'h_9' })).toEqual([])
  expect(content.inValue(undefined)).toEqual([])
})
