import { afterAll, expect, test } from 'vitest'

import { openArena } from './arena.ts'

// With one cell there is no other place: runs of one owner share it, and only what brings the process down may take them
// along. An endless loop, a flood and a failure do not.
const arena = openArena({ wallMs: 15_000 }, { maxCells: 1 })
afterAll(() => arena.close())

test.for([
  ['that spins at once', 'while (true) {}', 'script_cpu'],
  ['that spins after a call', 'await tools.test.add({ a: 1, b: 1 })\nwhile (true) {}', 'script_cpu'],
  ['that spins in microtasks', 'while (true) await null', 'script_cpu'],
  ['that floods the console', "while (true) console.log('x'.repeat(1_000))", 'script_cpu'],
  ['that waits for nothing', 'await new Promise(() => {})', 'script_stalled'],
  ['that throws', 'await tools.test.add({ a: 1, b: 1 })\nthrow new Error()', 'script_error'],
] as const)('a run %s does not end the runs of the same owner in its cell', async ([, code, end]) => {
  const honest = `let sum = 0
    for (let n = 0; n < 20; n++) sum += Number(await tools.test.add({ a: n, b: 1 }))
    return sum`
  const before = arena.run(honest)
  const attack = arena.run(code)
  const after = arena.run(honest)
  expect((await attack).code).toBe(end)
  expect([await before, await after].map(({ text }) => text)).toEqual(['210', '210'])
})
