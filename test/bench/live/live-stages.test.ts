import { expect, test } from 'vitest'

import { generateCatalog } from '../../../src/bench/catalog/generate.ts'
import { createLiveStages } from '../../../src/bench/live/live-stages.ts'
import type { Stage, StageSetting } from '../../../src/bench/stage.ts'
import { OFFICE_WORLD } from '../../../src/bench/worlds/office/world.ts'
import { SHOP_WORLD } from '../../../src/bench/worlds/shop/world.ts'
import type { Plan } from '../../../src/config/compile.ts'
import { openDesk } from './desk.ts'

/** Stages that write down when they are opened and closed. */
function recorded() {
  const events: string[] = []
  const settings: StageSetting[] = []
  const openStage = (setting: StageSetting): Promise<Stage> => {
    const number = settings.push(setting)
    events.push(`open ${number}`)
    return Promise.resolve({
      ...openDesk(),
      close: () => Promise.resolve(void events.push(`close ${number}`)),
    })
  }
  return { events, settings, openStage }
}

test('the stage of a world serves all its tasks, and only one is open at a time', async () => {
  const { events, settings, openStage } = recorded()
  const worlds = [SHOP_WORLD, OFFICE_WORLD]
  const { tasks, stageOf, close } = createLiveStages({
    worlds,
    source: generateCatalog(90),
    tools: 30,
    openStage,
  })
  expect(tasks.map(({ name }) => name)).toEqual(
    worlds.flatMap((world) => world.tasks.map(({ name }) => name)),
  )
  const stages = []
  for (const task of tasks) stages.push(await stageOf(task))
  expect(new Set(stages).size).toBe(2)
  expect(events).toEqual(['open 1', 'close 1', 'open 2'])
  for (const { servers, fillers } of settings)
    expect(servers.reduce((sum, server) => sum + server.tools.length, fillers.length)).toBe(30)
  await close()
  await close()
  expect(events).toEqual(['open 1', 'close 1', 'open 2', 'close 2'])
})

test('a stage that cannot be opened leaves none behind, and the next one can', async () => {
  const { events, openStage } = recorded()
  let opened = 0
  const { tasks, stageOf, close } = createLiveStages({
    worlds: [SHOP_WORLD, OFFICE_WORLD],
    source: generateCatalog(30),
    tools: 20,
    openStage: (setting) => (++opened === 2 ? Promise.reject(new Error('no port')) : openStage(setting)),
  })
  const [first, last] = [tasks[0], tasks.at(-1)]
  if (first === undefined || last === undefined) throw new Error('no tasks')
  await stageOf(first)
  await expect(stageOf(last)).rejects.toThrow('no port')
  expect(events).toEqual(['open 1', 'close 1'])
  await stageOf(last)
  await close()
  expect(events).toEqual(['open 1', 'close 1', 'open 2', 'close 2'])
})

test('tasks of a person are played on servers of a configuration that are started anew for each play', async () => {
  const { events, settings, openStage } = recorded()
  const live = { servers: [] } as unknown as Plan
  const worlds = [{ name: 'own', open: () => [], tasks: SHOP_WORLD.tasks.slice(0, 2) }]
  const { tasks, stageOf } = createLiveStages({
    worlds,
    source: generateCatalog(30),
    tools: 0,
    live,
    openStage,
  })
  for (const task of tasks) await stageOf(task)
  const setting = { servers: [], fillers: [], live, needed: expect.any(Array) }
  expect(settings).toEqual([setting, setting])
  expect(events).toEqual(['open 1', 'close 1', 'open 2'])
})
