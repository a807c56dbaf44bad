import { expect, test } from 'vitest'

import { describeModeNow } from '../../src/cli/output/mode-now.ts'
import { openHouse } from '../gateway/open-house.ts'
import { createPlace, realServer, run } from './program.ts'

const LIST = [
  {
    id: 0,
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
  },
  { method: 'notifications/initialized' },
  { id: 1, method: 'tools/list', params: {} },
]
  .map((message) => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  .join('')

test('isogate stdio shows its client the mode of its option in the place of the configuration', async () => {
  const place = await createPlace({ servers: { memory: realServer('memory') }, mode: 'classic' })
  const names = async (args: readonly string[]): Promise<string> =>
    (await run(place, ['stdio', ...args], LIST)).stdout
  expect(await names([])).toContain('memory__read_graph')
  expect(await names(['--mode', 'search'])).toContain('call_tool')
  expect(await run(place, ['stdio', '--mode', 'fast'], LIST)).toMatchObject({ code: 2, stdout: '' })
  await place.remove()
})

test.each([
  [{ autoThresholdTokens: 1 }, /shown Code Mode at \/mcp now: .* more than 1 tokens/],
  [
    { autoThresholdTokens: 1, policy: { deny: ['code.run_script'] } },
    /shown search and single calls at \/mcp now/,
  ],
  [{ autoThresholdTokens: 9_000 }, /shown the classic tool list at \/mcp now: .* at most 9000 tokens/],
  [{ mode: 'code' }, /^undefined$/],
])('what a client that is not known is shown with %j', async (config, expected) => {
  await using house = openHouse({ servers: { alpha: { one: {} } }, scripts: false, config })
  expect(String(describeModeNow(house.gateway))).toMatch(expected)
})
