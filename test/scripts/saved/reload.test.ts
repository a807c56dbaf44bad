import { afterEach, expect, test } from 'vitest'

import { openScriptHouse, TITLES_FILES, until, type ScriptHouse } from './house.ts'

let house: ScriptHouse
afterEach(() => house.close())

const names = (): readonly string[] =>
  house.gateway
    .visibleTools({ id: 'keeper', kind: 'local' }, 'mcp')
    .filter(({ ref }) => ref.server === 'scripts')
    .map(({ ref }) => ref.name)
const ONE = { description: 'One.', input: { type: 'object' }, uses: [] }

test('the folder is read again with the configuration, also where that has nothing new', async () => {
  house = openScriptHouse({ files: TITLES_FILES })
  expect(names()).toEqual(['titles'])
  house.write('scripts/one.ts', 'return 1')
  house.write('scripts/one.json', ONE)
  house.write('scripts/titles.json', '{')
  await house.gateway.reload(house.plan)
  await until(() => names().includes('one'))
  expect(names()).toEqual(['one'])
  expect(house.saved.backend.quarantined()).toMatchObject([{ name: 'titles' }])
})

test('another folder, or none', async () => {
  house = openScriptHouse({
    files: { ...TITLES_FILES, 'other/one.ts': 'return 1', 'other/one.json': JSON.stringify(ONE) },
  })
  const at = (scripts: object) => ({ ...house.plan, scripts: { ...house.plan.scripts, ...scripts } })
  await house.gateway.reload(at({ folder: `${house.folder}/other` }))
  await until(() => names().includes('one'))
  expect(names()).toEqual(['one'])
  await house.gateway.reload(at({ folder: `${house.folder}/nowhere` }))
  await until(() => names().length === 0)
  await house.gateway.reload(at({ enabled: false }))
  expect(names()).toEqual([])
})

test('what has not changed is the same tool: nobody is told of a change', async () => {
  house = openScriptHouse({ files: TITLES_FILES })
  await house.gateway.settled()
  await until(() => house.saved.backend.tools()[0]?.annotations !== undefined)
  const before = house.saved.backend.tools()
  let changes = 0
  house.gateway.onCatalogChange(() => void (changes += 1))
  await house.gateway.reload(house.plan)
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(house.saved.backend.tools()).toBe(before)
  expect(changes).toBe(0)
})

test('a run that has begun ends with the code that it began with', async () => {
  const gate = Promise.withResolvers<void>()
  house = openScriptHouse({
    servers: {
      tracker: {
        wait: { answer: async () => (await gate.promise, { content: [{ type: 'text', text: 'old' }] }) },
      },
    },
    files: {
      'scripts/slow.ts': 'return await tools.tracker.wait({})',
      'scripts/slow.json': JSON.stringify({ ...ONE, uses: ['tracker.wait'] }),
    },
  })
  const running = house.call('scripts.slow')
  await until(() => house.backends['tracker']?.calls.length === 1)
  house.write('scripts/slow.ts', 'return "new"')
  await house.gateway.reload(house.plan)
  gate.resolve()
  expect((await running).content).toMatchObject([{ text: 'old' }])
  expect((await house.call('scripts.slow')).content).toMatchObject([{ text: 'new' }])
})
