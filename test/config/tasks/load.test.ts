import { expect, test } from 'vitest'

import { readTasks } from '../../../src/config/tasks/load.ts'

const TASK = {
  name: 'add-two',
  kind: 'chain',
  goal: 'Add.',
  tools: [{ tool: 'sums.add', lookups: ['add'], words: ['minus'] }],
  direct: [
    {
      as: 'sum',
      while: 'size(steps.sum) < 2',
      calls: [{ tool: 'sums.add', each: '[1]', args: { list: [{ a: { $: 'item' } }] } }],
    },
  ],
  scripts: [],
  answer: { direct: 'steps.sum[0]', script: 'steps.script[0]' },
  say: 'Two.',
  expected: 2,
  state: [{ tool: 'sums.last', expect: 'result == 2' }],
}

const read = (...tasks: readonly object[]) => readTasks(JSON.stringify({ tasks }, null, 1), 'tasks.json')

test('reads tasks, and puts the defaults in', () => {
  expect(read(TASK)[0]).toMatchObject({ name: 'add-two', lookups: [], tools: [{ words: ['minus'] }] })
})

test('two tasks with one name are an error at the second', () => {
  expect(() => read(TASK, { ...TASK, name: 'other' }, TASK)).toThrow(
    /tasks\.json:\d+:\d+.*tasks\[2\]\.name.*tasks\[0\] has the same name/,
  )
})

const [step] = TASK.direct
const withCall = (call: object) => ({ direct: [{ ...step, calls: [{ tool: 'sums.add', ...call }] }] })

test.each<[string, object]>([
  ['tasks[0].answer.direct', { answer: { ...TASK.answer, direct: 'steps.sum[' } }],
  ['tasks[0].answer.script', { answer: { ...TASK.answer, script: 'nobody' } }],
  ['tasks[0].direct[0].while', { direct: [{ ...step, while: 'size(' }] }],
  ['tasks[0].direct[0].calls[0].each', withCall({ each: 'steps.sum.map(' })],
  ['tasks[0].direct[0].calls[0].args.list[0].a.$', withCall({ args: { list: [{ a: { $: '1 +' } }] } })],
  ['tasks[0].state[0].expect', { state: [{ tool: 'sums.last', expect: 'steps.sum == 2' }] }],
])('an expression that is none is an error with its place: %s', (place, more) => {
  expect(() => read({ ...TASK, ...more })).toThrow(`${place} this is no expression in CEL`)
})
