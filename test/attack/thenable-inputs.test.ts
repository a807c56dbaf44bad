import { afterAll, beforeAll, expect, test } from 'vitest'

import type { Json } from '../../src/core/json.ts'
import { openSandbox, runLeg } from '../scripts/replay/world.ts'
import { openArena, type Arena } from './arena.ts'
import { besideHonest } from './honest.ts'

let arena: Arena
const sandbox = openSandbox()
beforeAll(() => {
  arena = openArena()
})
afterAll(() => Promise.all([arena.close(), sandbox.close()]))

const INPUTS: readonly (readonly [title: string, text: string])[] = [
  ['that looks like a promise', '{"then":"text","catch":1}'],
  [
    'with a prototype as data',
    '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
  ],
  ['with the names of globals', '{"tools":{"s":1},"console":null,"input":5,"ToolError":1,"runs":2}'],
  ['with names of the language', '{"toJSON":1,"valueOf":2,"toString":3,"length":1e9}'],
  ['that is deep', `${'['.repeat(500)}${']'.repeat(500)}`],
  ['with separators of lines', '"\u2028\u2029}); while (true) {} (async () => {"'],
  ['that is empty', '""'],
]

test.for(INPUTS)('an input %s is data and nothing else', async ([, text]) => {
  const input = JSON.parse(text) as Json
  const code = `const text = JSON.stringify(input)
    const resolved = await input
    const handed = (await tools.s.t({ input })).input
    return [text, JSON.stringify(resolved), JSON.stringify(handed), ({}).polluted === undefined]`
  const outcome = await besideHonest(arena, () =>
    runLeg(sandbox, code, { input, call: ({ args }) => Promise.resolve({ ok: true, value: args }) }),
  )
  const same = JSON.stringify(input)
  expect(outcome.failure).toBeUndefined()
  expect(outcome.value).toEqual([same, same, same, true])
})

test('an input that is too deep to be written is refused before the run', async () => {
  const input = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) as Json
  const call = (): Promise<never> => Promise.reject(new Error('called'))
  await expect(runLeg(sandbox, 'return 1', { input, call })).rejects.toMatchObject({
    code: 'invalid_arguments',
  })
  expect((await runLeg(sandbox, 'return 1', { call })).value).toBe(1)
})

test.for(INPUTS)('a function that takes an input %s gets its tools all the same', async ([, text]) => {
  const input = JSON.parse(text) as Json
  const call = (): Promise<{ ok: true; value: Json }> => Promise.resolve({ ok: true, value: 'answer' })
  const taken = await runLeg(
    sandbox,
    'async ({ tools, console }) => { console.log(1); return tools.s.t() }',
    { input, call },
  )
  expect(taken.value).toBe('answer')
})
