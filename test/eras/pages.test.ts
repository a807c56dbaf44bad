import { expect, test } from 'vitest'

import type { JsonObject } from '../../src/core/json.ts'
import { pageOf } from '../../src/mcp/door/page.ts'

/** Everything that a client reads, page by page; what happens between two pages is up to the test. */
function readAll(items: () => readonly JsonObject[]): unknown[] {
  const read: unknown[] = []
  let cursor: unknown
  for (let page = 0; page < 100; page++) {
    const { list, nextCursor } = pageOf(items(), 'list', 'uri', cursor)
    read.push(...(list as JsonObject[]).map(({ uri }) => uri))
    if (nextCursor === undefined) return read
    cursor = nextCursor
  }
  throw new Error('The list does not end.')
}

const numbered = (count: number): JsonObject[] =>
  Array.from({ length: count }, (_, index) => ({ uri: `x://${index}` }))

test('a list ends though items in it have the same name', () => {
  const items = numbered(3_000).map((item, index) => (index % 1_000 === 999 ? { uri: 'x://same' } : item))
  expect(readAll(() => items)).toEqual(items.map(({ uri }) => uri))
})

test('nothing is read twice or left out where others come before the place', () => {
  let items = numbered(2_500)
  const read = readAll(() => {
    const now = items
    items = [{ uri: `y://${items.length}` }, ...items]
    return now
  })
  expect(read).toEqual(numbered(2_500).map(({ uri }) => uri))
})
