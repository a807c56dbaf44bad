import { expect, test } from 'vitest'

import { cellPids, waitUntil } from './cell-processes.ts'
import { openArena } from './arena.ts'

test('a cell that is killed in mid-run fails its own run, and the next run has another cell', async () => {
  const arena = openArena()
  const [run, other] = [arena.run('await tools.test.hang()'), arena.run('await tools.test.hang()', 'alice')]
  await waitUntil(() => arena.upstream.received() === 2)
  for (const pid of cellPids()) process.kill(pid, 'SIGKILL')
  expect((await run).code).toBe('script_killed')
  expect((await other).code).toBe('script_killed')
  expect(await waitUntil(() => arena.upstream.aborted() === 2), 'their calls are cancelled').toBe(true)
  // The gateway hears of the other cells in one of its next turns.
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(await arena.run('return 1 + 1')).toMatchObject({ code: 'ok', text: '2' })
  await arena.close()
})

test('cells that are killed while they are idle are noticed', async () => {
  const arena = openArena()
  await arena.run('return 1')
  const pids = cellPids()
  for (const pid of pids) process.kill(pid, 'SIGKILL')
  await waitUntil(() => pids.every((pid) => !cellPids().includes(pid)))
  // The gateway hears of it in one of its next turns.
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(await arena.run('return 1 + 1')).toMatchObject({ code: 'ok', text: '2' })
  await arena.close()
})
