import { expect, test } from 'vitest'

import type { JsonObject } from '../../../../src/core/json.ts'
import { createRunContent } from '../../../../src/scripts/run/value/content.ts'

const IMAGE = { type: 'image', mimeType: 'image/png', data: 'aGVsbG8=' }
const BLOB = {
  type: 'resource',
  resource: { uri: 'file:///a', mimeType: 'application/pdf', blob: 'aGVsbG8=' },
}

function open() {
  const kept: JsonObject[] = []
  const content = createRunContent({
    keep: async (block) => `h_${kept.push(block)}`,
    open: async (handle) => kept[Number(handle.slice(2)) - 1],
  })
  return { kept, content }
}

test('bytes become a reference with their size; what has none stays as it is', async () => {
  const { content } = open()
  expect(await content.toReference(IMAGE)).toEqual({
    type: 'image',
    mimeType: 'image/png',
    bytes: 6,
    handle: 'h_1',
  })
  expect(await content.toReference(BLOB)).toEqual({
    type: 'resource',
    resource: { uri: 'file:///a', mimeType: 'application/pdf' },
    bytes: 6,
    handle: 'h_2',
  })
  const text = { type: 'text', text: 'x' }
  expect(await content.toReference(text)).toBe(text)
})

test('a reference in the value brings its block, once and in order, wherever it stands', async () => {
  const { content } = open()
  const image = await content.toReference(IMAGE)
  const blob = await content.toReference(BLOB)
  const value = { a: [blob, { b: image }], again: image['handle'] as string }
  expect(await content.inValue(value)).toEqual({ blocks: [BLOB, IMAGE], omitted: 0 })
  expect(await content.inValue({ a: 'h_9' })).toEqual({ blocks: [], omitted: 0 })
  expect(await content.inValue(undefined)).toEqual({ blocks: [], omitted: 0 })
})

test('what does not fit into one result is left out and counted', async () => {
  const { content } = open()
  const many = await Promise.all(Array.from({ length: 40 }, () => content.toReference(IMAGE)))
  expect(await content.inValue(many)).toMatchObject({ omitted: 8 })
  const large = { ...IMAGE, data: 'A'.repeat(20_000_000) }
  const two = await Promise.all([large, large].map((block) => content.toReference(block)))
  expect(await content.inValue(two)).toMatchObject({ blocks: [{ type: 'image' }], omitted: 1 })
})
