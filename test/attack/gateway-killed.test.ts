import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

import { expect, test } from 'vitest'

import { isRunning, waitUntil } from './cell-processes.ts'

const VICTIM = fileURLToPath(new URL('victim.ts', import.meta.url))

/** Starts a gateway with a script, kills it, and tells whether its cells are gone soon. */
async function killGateway(code: string): Promise<boolean> {
  const gateway = spawn(process.execPath, [VICTIM, code], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(gateway.stdout, 'data')) as [Buffer]
  const pids = JSON.parse(line.toString()) as number[]
  expect(pids.length).toBeGreaterThan(0)
  // The script goes on after the call that we heard of.
  await new Promise((resolve) => setTimeout(resolve, 300))
  gateway.kill('SIGKILL')
  const gone = await waitUntil(() => !pids.some(isRunning), 15_000)
  for (const pid of pids) if (isRunning(pid)) process.kill(pid, 'SIGKILL')
  return gone
}

test('the cells of a gateway that is killed end, where their script waits', async () => {
  expect(await killGateway('await tools.test.hang()')).toBe(true)
})

// A run that has its cell to itself holds the thread that would see the channel close: it ends with its processor time.
test('the cells of a gateway that is killed end, where their script spins', async () => {
  expect(await killGateway('await tools.test.add({ a: 1, b: 1 })\nwhile (true) {}')).toBe(true)
})
