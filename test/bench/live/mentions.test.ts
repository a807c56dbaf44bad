import { expect, test } from 'vitest'

import { demandsOf, findMissing } from '../../../src/bench/live/said.ts'
import { isChecked, judge } from '../../../src/bench/live/success.ts'
import { WORLDS } from '../../../src/bench/worlds/worlds.ts'
import { TASK_SCHEMA } from '../../../src/config/tasks/schema.ts'
import { openDesk, taskOf } from './desk.ts'

const tasks = WORLDS.flatMap((world) => world.tasks).map((task) => TASK_SCHEMA.parse(task))
const mentioning = tasks.filter(({ mentions }) => mentions.length > 0)

test.each(mentioning)('the words that $name brings along have what it must mention', ({ say, mentions }) => {
  for (const mention of mentions) expect(findMissing(say, [mention])).toBeUndefined()
})

test.each(mentioning)(
  'what $name must mention is not in its goal: saying that again shows nothing',
  (task) => {
    for (const mention of task.mentions) expect(findMissing(task.goal, [mention])).toBe(mention)
  },
)

test('mentions are for tasks whose words have nothing of the expected answer', () => {
  expect(mentioning.map(({ name }) => name)).toEqual([
    'code-failed-tests',
    'code-incident-report',
    'office-rotation-absences',
  ])
  for (const { expected, say } of mentioning) expect(demandsOf(expected, say)).toEqual([])
})

test('no text is the sign of a good answer to a few tasks, and these are known', () => {
  expect(tasks.filter((task) => !isChecked(task)).map(({ name }) => name)).toEqual([
    'support-refund-invoice',
    'support-outage-summary',
    'shop-change-price',
    'files-legacy-host',
    'files-handbook',
    'code-order-keyboards',
    'code-explain-log',
    'office-weather',
    'office-unknown-person',
    'office-prepare-week',
  ])
})

test.each([
  ['It was Ana, of course.', 'the last words lack T-2'],
  ['it was ANA, in *t-2*', undefined],
  ['It was Anabel in T-2.', 'the last words lack Ana'],
  ['', 'the model said nothing in the end'],
])('%j: %s', async (said, reason) => {
  const task = taskOf({ state: [], expected: true, say: 'Ana, in T-2.', mentions: ['Ana', 'T-2'] })
  expect(isChecked(task)).toBe(true)
  expect(await judge(task, openDesk(), said)).toBe(reason)
})

test('a state that cannot be looked at is a reason like another', async () => {
  const stage = { ...openDesk(), probe: () => Promise.reject(new Error('the gateway is gone')) }
  expect(await judge(taskOf(), stage, '1234')).toBe('the state could not be looked at: the gateway is gone')
})
