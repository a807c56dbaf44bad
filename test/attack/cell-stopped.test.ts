import { expect, test } from 'vitest'

import { cellPids, isRunning, waitUntil } from './cell-processes.ts'
import { openArena } from './arena.ts'

test('a cell that does not move any more is killed by the watchdog outside', async () => {
  const arena = openArena({ wallMs: 1_500 })
  const run = arena.run('await tools.test.hang()')
  await waitUntil(() => arena.upstream.received() === 1)
  const pids = cellPids()
  for (const pid of pids) process.kill(pid, 'SIGSTOP')
  // A hung process holds its own timers: only the gateway can end this run.
  expect(['script_timeout', 'script_cpu', 'script_killed']).toContain((await run).code)
  for (const pid of pids) if (isRunning(pid)) process.kill(pid, 'SIGCONT')
  expect(await arena.run('return 1 + 1', 'alice')).toMatchObject({ code: 'ok', text: '2' })
  await arena.close()
})
