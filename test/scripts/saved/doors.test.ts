import { afterEach, describe, expect, test } from 'vitest'

import { sdkClient } from './sdk-client.ts'
import { openScriptHouse, textIn, TITLES_FILES, type ScriptHouse } from './house.ts'

let house: ScriptHouse
afterEach(() => house.close())

const open = (config: object = {}): ScriptHouse => (house = openScriptHouse({ files: TITLES_FILES, config }))

describe('a saved script is there', () => {
  test('in the classic list, with its schemas, and can be called by that name', async () => {
    open()
    const { url } = await house.listenHttp()
    await using client = await sdkClient(`${url}/mcp/classic`)
    const listed = (await client.listTools()).find(({ name }) => name === 'scripts__titles')
    expect(listed).toMatchObject({
      inputSchema: { required: ['repo'] },
      outputSchema: { required: ['count', 'titles'] },
    })
    const result = await client.callTool('scripts__titles', { repo: 'isogate' })
    expect(result).toMatchObject({ structuredContent: { count: 2 } })
  })

  test('in a search, a description and a script of Code Mode', async () => {
    open()
    const { url } = await house.listenHttp()
    await using client = await sdkClient(`${url}/mcp/code`)
    const found = await client.callTool('search_tools', { query: 'titles of issues' })
    expect(JSON.stringify(found)).toContain('tools.scripts.titles({ repo: string })')
    const described = await client.callTool('describe_tools', { tools: ['tools.scripts.titles'] })
    expect(JSON.stringify(described)).toContain('titles: string[]')
    const ran = await client.callTool('run_script', {
      code: `return (await tools.scripts.titles({ repo: 'x' })).titles`,
    })
    expect(JSON.stringify(ran)).toContain('No docs')
  })

  test('in mode search, by call_tool', async () => {
    open({ mode: 'search' })
    const { url } = await house.listenHttp()
    await using client = await sdkClient(`${url}/mcp`)
    expect(JSON.stringify(await client.callTool('search_tools', { query: 'titles' }))).toContain(
      'scripts__titles',
    )
    const result = await client.callTool('call_tool', { name: 'scripts__titles', arguments: { repo: 'x' } })
    expect(result).toMatchObject({ structuredContent: { count: 2 } })
  })
})

describe('a saved script that is denied is nowhere', () => {
  test.each([
    ['by a rule that denies it', { policy: { deny: ['scripts.titles'] } }],
    ['by a rule that allows others', { policy: { allow: ['tracker.*'] } }],
    ['because saved scripts are switched off', { scripts: { enabled: false } }],
  ])('%s', async (_how, config) => {
    open(config)
    const { url } = await house.listenHttp()
    await using classic = await sdkClient(`${url}/mcp/classic`)
    expect((await classic.listTools()).map(({ name }) => name)).not.toContain('scripts__titles')
    await expect(house.call('scripts.titles', { repo: 'x' })).rejects.toMatchObject({ code: 'unknown_tool' })
    const search = await house.call('code.search_tools', { query: 'titles of issues' })
    expect(JSON.stringify(search)).not.toContain('scripts.titles')
    const ran = await house.call('code.run_script', {
      code: `return await tools.scripts.titles({ repo: 'x' })`,
    })
    expect(ran.isError).toBe(true)
    expect(house.backends['tracker']?.calls).toEqual([])
  })

  test('its calls pass the rules for its caller: what he may not call, it may not either', async () => {
    open({ policy: { deny: ['tracker.list_issues'] } })
    const result = await house.call('scripts.titles', { repo: 'x' })
    expect(result.isError).toBe(true)
    expect(textIn(result)).toContain('unknown_tool')
    expect(house.backends['tracker']?.calls).toEqual([])
  })
})

test('it reads only where all of its tools do', async () => {
  const close = JSON.stringify({
    description: 'x',
    input: { type: 'object' },
    uses: ['tracker.list_issues', 'tracker.close_issue'],
  })
  house = openScriptHouse({
    files: { ...TITLES_FILES, 'scripts/close.ts': 'return 1', 'scripts/close.json': close },
  })
  await house.gateway.settled()
  await house.call('scripts.close')
  const hints = Object.fromEntries(
    house.saved.backend.tools().map(({ ref, annotations }) => [ref.name, annotations]),
  )
  expect(hints).toEqual({ titles: { readOnlyHint: true }, close: undefined })
})
