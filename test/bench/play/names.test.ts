import { afterAll, beforeAll, expect, test } from 'vitest'

import { generateCatalog } from '../../../src/bench/catalog/generate.ts'
import { playTask } from '../../../src/bench/play/play.ts'
import type { MockServer, Stage } from '../../../src/bench/stage.ts'
import { TASK_SCHEMA } from '../../../src/config/tasks/schema.ts'
import { meter, openStage } from './toy.ts'

const LONG = `list_${'all_the_very_old_and_dusty_'.repeat(3)}boxes`

/** Names that a gateway has to spell otherwise, and one that only looks like another. */
function openStore(): MockServer {
  const tool = (name: string, description: string, value: object): MockServer['tools'][number] => ({
    definition: {
      name,
      description,
      inputSchema: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] },
      outputSchema: {
        type: 'object',
        properties: { count: { type: 'number' } },
        required: ['count'],
      },
    },
    run: () => ({ count: 0, ...value }),
  })
  return {
    name: 'box-store',
    reset: () => {},
    tools: [
      tool('get.item', 'Count the things in one box.', { count: 3 }),
      tool('get_item', 'Weigh a parcel at the counter.', { count: 1_000 }),
      tool(LONG, 'Tell how many shelves a hall has.', { count: 4 }),
      tool('Größe', 'Measure the height of a ladder.', { count: 5 }),
    ],
  }
}

const toTask = (names: Readonly<Record<'item' | 'long' | 'size', string>>) =>
  TASK_SCHEMA.parse({
    name: 'odd-names',
    kind: 'fan-out',
    goal: 'How many are there in all?',
    tools: [
      { tool: 'box-store.get.item', lookups: ['count things in a box'] },
      { tool: `box-store.${LONG}`, lookups: ['how many shelves has a hall'] },
      { tool: 'box-store.Größe', lookups: ['height of a ladder'] },
    ],
    direct: [
      {
        as: 'counts',
        calls: ['get.item', LONG, 'Größe'].map((name) => ({ tool: `box-store.${name}`, args: { id: 'a' } })),
      },
    ],
    scripts: [
      {
        code: `const id = 'a'
const all = await Promise.all([${names.item}({ id }), ${names.long}({ id }), ${names.size}({ id })])
return all.reduce((sum, { count }) => sum + count, 0)`,
      },
    ],
    answer: { direct: 'sum(steps.counts.map(each, each.count))', script: 'steps.script[0]' },
    say: 'There are 12.',
    expected: 12,
    state: [
      { tool: 'box-store.get.item', args: { id: 'a' }, expect: 'result.count == 3' },
      { tool: `box-store.${LONG}`, args: { id: 'a' }, expect: 'result.count == 4' },
    ],
  })

const stages: Stage[] = []
beforeAll(async () => {
  // Once so few that all are shown, and once so many that they have to be looked for.
  for (const fillers of [[], generateCatalog(400)])
    stages.push(await openStage({ servers: [openStore()], fillers }))
})
afterAll(() => Promise.all(stages.map((stage) => stage.close())))

test.each(['classic', 'search', 'code', 'auto'] as const)(
  'tools whose names the gateway spells otherwise are played in mode %s',
  async (mode) => {
    for (const stage of stages) {
      const path = (name: string): string => stage.scriptPath(`box-store.${name}`) ?? 'nothing'
      const task = toTask({ item: path('get.item'), long: path(LONG), size: path('Größe') })
      const { ok, reason, calls } = await playTask(task, mode, stage, { meter })
      expect({ ok, reason, calls }).toEqual({ ok: true, reason: undefined, calls: 3 })
    }
  },
)

test('a stage tells how tools are spelled, and nothing of those that there are not', () => {
  const [stage] = stages
  expect(stage?.exposedName('box-store.get_item')).toBe('box-store__get_item')
  expect(stage?.exposedName('box-store.get.item')).toMatch(/^box-store__get_item_[0-9a-f]+$/)
  expect(stage?.exposedName(`box-store.${LONG}`)).toHaveLength(64)
  expect([stage?.exposedName('box-store.none'), stage?.scriptPath('box-store.none')]).toEqual([
    undefined,
    undefined,
  ])
})
