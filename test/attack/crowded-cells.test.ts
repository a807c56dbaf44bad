import { expect, test } from 'vitest'

import { openArena } from './arena.ts'

test('runs that start in one turn are spread over cells, so that an attack takes none of them with it', async () => {
  const arena = openArena()
  await Promise.all([1, 2, 3].map((n) => arena.run(`return ${n}`)))
  const honest = 'return await tools.test.add({ a: 1, b: 1 })'
  const killer = 'return new Array(2 ** 28).fill(1).length'
  const [bad, ...good] = await Promise.all([killer, honest, honest, honest].map((code) => arena.run(code)))
  expect(bad?.code).not.toBe('ok')
  expect(good.map(({ text }) => text)).toEqual(['2', '2', '2'])
  await arena.close()
})

test('more runs than cells wait their turn and all end', async () => {
  const arena = openArena({ wallMs: 20_000 }, { maxCells: 2 })
  const runs = Array.from({ length: 40 }, (_, n) =>
    arena.run(`return await tools.test.add({ a: ${n}, b: 1 })`, `owner${n % 4}`),
  )
  expect((await Promise.all(runs)).map(({ text }) => text)).toEqual(runs.map((_, n) => String(n + 1)))
  await arena.close()
})

test('more runs than the queue holds are refused as busy, and those that wait still end', async () => {
  const arena = openArena({ wallMs: 1_500 }, { maxCells: 1, queue: 2 })
  const holder = arena.run('await tools.test.hang()', 'alice')
  await new Promise((resolve) => setTimeout(resolve, 50))
  const others = ['a', 'b', 'c', 'd'].map((owner) => arena.run('return 1', owner))
  const codes = (await Promise.all(others)).map(({ code }) => code)
  expect(codes.toSorted()).toEqual(['ok', 'ok', 'sandbox_busy', 'sandbox_busy'])
  expect((await holder).code).toBe('script_timeout')
  await arena.close()
})
