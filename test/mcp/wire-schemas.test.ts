import { CallToolResultSchema, ListToolsResultSchema } from '@modelcontextprotocol/core'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { openRealGateway, type RealGateway } from '../clients/real-gateway.ts'
import { rpc } from '../http/raw-request.ts'

let real: RealGateway

beforeAll(async () => {
  real = await openRealGateway()
})
afterAll(() => real.close())

test.each(['code', 'classic'])('the %s list of real servers fits the protocol’s own schema', async (mode) => {
  const { last } = await rpc(`${real.url}/mcp/${mode}`, 'legacy', 'tools/list', {})
  const { tools } = ListToolsResultSchema.parse(last.result)
  expect(tools).toHaveLength(mode === 'code' ? 3 : 36)
})

test.each([
  ['a value', 'return { a: 1 }', false],
  ['an error', 'throw new Error("no")', true],
  ['logs and a forgotten call', 'console.log(1); tools.everything.echo({ message: "x" }); return 1', false],
])('the result of a script with %s fits the protocol’s own schema', async (_what, code, isError) => {
  const params = { name: 'run_script', arguments: { code } }
  const { last } = await rpc(`${real.url}/mcp/code`, 'legacy', 'tools/call', params)
  expect(CallToolResultSchema.parse(last.result).isError ?? false).toBe(isError)
})
