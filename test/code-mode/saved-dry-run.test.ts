import { afterEach, expect, test } from 'vitest'

import { openScriptHouse, textIn, TITLES_FILES, type ScriptHouse } from '../scripts/saved/house.ts'

let house: ScriptHouse
afterEach(() => house.close())

const nested = (name: string, code: string, uses: readonly string[]): Record<string, string> => ({
  [`scripts/${name}.ts`]: code,
  [`scripts/${name}.json`]: JSON.stringify({ description: name, input: { type: 'object' }, uses }),
})
const CLOSE = `return tools.tracker.close_issue({ repo: 'x', id: 1 })`

test('in a dry run a saved script that changes something is only listed, and one that reads is run', async () => {
  house = openScriptHouse({
    files: {
      ...TITLES_FILES,
      ...nested('close', CLOSE, ['tracker.close_issue']),
      ...nested('outer', 'return tools.scripts.close({})', ['scripts.close']),
    },
  })
  await house.gateway.settled()
  // Whether a script only reads is known when it has been looked at.
  await house.call('scripts.titles', { repo: 'x' })
  const code = `const { count } = await tools.scripts.titles({ repo: 'x' })
await tools.scripts.outer({ count })`
  const result = await house.call('code.run_script', { code, dryRun: true, check: 'off' })
  expect(textIn(result)).toContain('scripts.outer({"count":2})')
  expect(house.backends['tracker']?.calls.map(({ tool }) => tool.name)).toEqual([
    'list_issues',
    'list_issues',
  ])
})

test('a dry run of a saved script lists the saved scripts that it would call', async () => {
  house = openScriptHouse({
    files: {
      ...nested('close', CLOSE, ['tracker.close_issue']),
      ...nested('outer', 'return tools.scripts.close({})', ['scripts.close']),
    },
  })
  const result = await house.call('scripts.outer', {}, { meta: { 'isogate/dryRun': true } })
  expect(textIn(result)).toContain('scripts.close({})')
  expect(house.backends['tracker']?.calls).toEqual([])
})
