import { expect, test } from 'vitest'

import type { JsonObject } from '../../src/core/json.ts'
import { listsDifferences } from './differences.ts'
import type { List, Lists } from './lists.ts'

const ECHO = { name: 'echo', inputSchema: { type: 'object', properties: { a: {}, b: {} } }, x: [1, null] }
const SUM = { name: 'sum', inputSchema: { type: 'object' } }

const lists = (tools: List): Lists => ({
  tools,
  prompts: 'not offered',
  resources: [],
  resourceTemplates: 'refused: -32601',
})

test.each<[string, List, List, readonly string[]]>([
  ['nothing', [ECHO, SUM], [ECHO, SUM], []],
  [
    'the order of members',
    [ECHO],
    [{ x: [1, null], inputSchema: { properties: { b: {}, a: {} }, type: 'object' }, name: 'echo' }],
    [],
  ],
  ['a lost tool', [ECHO, SUM], [SUM], ['tools: echo is missing']],
  ['a new tool', [SUM], [SUM, ECHO], ['tools: echo is new']],
  ['the order of tools', [ECHO, SUM], [SUM, ECHO], ['tools: another order']],
  ['a tool twice', [SUM], [SUM, SUM], ['tools: another order']],
  ['a lost member', [ECHO], [without(ECHO, 'x')], ['tools.echo.x: lost [1,null]']],
  ['an added member', [SUM], [{ ...SUM, title: 'Sum' }], ['tools.sum.title: added "Sum"']],
  ['a value', [ECHO], [{ ...ECHO, x: [1, 0] }], ['tools.echo.x[1]: null became 0']],
  ['a missing list', [SUM], 'not offered', ['tools: a list of 1 became not offered']],
  ['an empty list', 'refused: -32601', [], ['tools: refused: -32601 became a list of 0']],
])('%s', (_what, expected, actual, differences) => {
  expect(listsDifferences(lists(expected), lists(actual))).toEqual(differences)
})

function without(value: JsonObject, member: string): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== member))
}
