import { expect, test } from 'vitest'

import { waitUntil } from './cell-processes.ts'
import { openArena } from './arena.ts'
import { besideHonest } from './honest.ts'

test.for([
  ['that waits', 'await tools.test.hang()'],
  ['that spins', 'await tools.test.add({ a: 1, b: 1 })\nwhile (true) {}'],
  ['that floods', 'while (true) { void tools.test.add({ a: 1, b: 1 }); console.log(1) }'],
])('a run %s ends when its caller cancels it', async ([, code]) => {
  const arena = openArena({ cpuMs: 5_000, wallMs: 20_000 })
  const cancel = new AbortController()
  const received = arena.upstream.received()
  const ending = await besideHonest(arena, async () => {
    const run = arena.run(code ?? '', 'mallory', cancel.signal)
    await waitUntil(() => arena.upstream.received() > received, 2_000)
    cancel.abort()
    return run
  })
  expect(['script_cancelled', 'call_cancelled', 'script_cpu', 'script_limit']).toContain(ending.code)
  expect(await arena.run('return 1 + 1')).toMatchObject({ code: 'ok', text: '2' })
  await arena.close()
})

test('a run that is cancelled before it starts does not run', async () => {
  const arena = openArena()
  const run = await arena.run(
    'await tools.test.add({ a: 1, b: 1 })\nreturn 1',
    'mallory',
    AbortSignal.abort(),
  )
  expect(run.code).not.toBe('ok')
  await arena.close()
})
