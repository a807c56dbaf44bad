import { expect, test } from 'vitest'

import { nameIn } from '../../src/mcp/upstream/wire/greeting.ts'

const MODERN = 'io.modelcontextprotocol/serverInfo'

test.each([
  [{ serverInfo: { name: 'isogate', version: '1' } }, 'isogate'],
  [{ _meta: { [MODERN]: { name: 'isogate', version: '1' } } }, 'isogate'],
  [{ serverInfo: { name: 'other' } }, 'other'],
  [{ serverInfo: { name: 1 } }, undefined],
  [{ serverInfo: 'isogate', _meta: [] }, undefined],
  [{}, undefined],
])('a server that answers %j is called %s', (greeting, name) => {
  expect(nameIn(greeting)).toBe(name)
})
