import { fileURLToPath } from 'node:url'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { run } from '../cli/program.ts'
import { ERAS, rpc, toolsIn } from '../http/raw-request.ts'
import { serveServers, type Serving } from './serve.ts'

const TWENTY = fileURLToPath(new URL('./twenty-tools.ts', import.meta.url))
const NINETEEN = Array.from({ length: 20 }, (_, index) => `tool_${index + 1}`).filter(
  (name) => name !== 'tool_11',
)

let serving: Serving
beforeAll(async () => {
  serving = await serveServers({ twenty: { command: process.execPath, args: [TWENTY] } })
})
afterAll(() => serving.close())

describe.each(ERAS)('one malformed tool of twenty costs only itself (%s)', (era) => {
  test.each([
    ['/mcp/classic', 'twenty__'],
    ['/mcp/s/twenty', ''],
  ])('at %s', async (path, prefix) => {
    const listed = toolsIn(await rpc(serving.url + path, era, 'tools/list'))
    expect(listed.map(({ name }) => name)).toEqual(NINETEEN.map((name) => prefix + name))
  })
})

test('the others can be called', async () => {
  const { last } = await rpc(`${serving.url}/mcp/classic`, 'modern', 'tools/call', {
    name: 'twenty__tool_12',
    arguments: {},
  })
  expect(last.result).toMatchObject({ content: [{ text: 'called' }] })
})

test('`isogate servers ls` says which tool is missing, and why', async () => {
  const { code, stdout } = await run(serving.place, ['servers', 'ls'])
  expect(code).toBe(0)
  expect(stdout).toContain('19 tools')
  expect(stdout).toMatch(/tool_11.*Its outputSchema is not an object/)
})
