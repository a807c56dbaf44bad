import { once } from 'node:events'

import { expect, test } from 'vitest'

import { encodeFrame, type HostMessage } from '../../sandbox/wire.ts'
import { spawnCell } from '../../src/scripts/cells/spawn-cell.ts'

const GARBAGE: Record<string, Buffer> = {
  'random bytes': Buffer.from(Array.from({ length: 4_096 }, (_, n) => (n * 7_919) % 251)),
  'a length beyond the bound': Buffer.from([255, 255, 255, 255]),
  'a frame whose header is not JSON': Buffer.from([6, 0, 0, 0, 2, 0, 0, 0, 123, 123]),
  'a frame that is empty': Buffer.from([0, 0, 0, 0]),
  'a message of no kind': Buffer.from(encodeFrame({ type: 'nothing', run: 1 } as unknown as HostMessage)),
  'an answer to a run that is not there': Buffer.from(
    encodeFrame({ type: 'settle', run: 9, atMs: 1, items: [{ id: 1, ok: true }] }, ['1']),
  ),
}

test.for(Object.entries(GARBAGE))('%s does no harm beyond the cell', async ([, bytes]) => {
  const { process: child, channel } = spawnCell(1, 32, 65_536)
  const exited = once(child, 'exit')
  channel.on('error', () => {})
  await once(channel, 'data')
  channel.write(bytes)
  await new Promise((resolve) => setTimeout(resolve, 200))
  // It has ended by itself, or it ends as all cells do: when its channel closes.
  channel.destroy()
  await exited
  expect(child.exitCode !== null || child.signalCode !== null).toBe(true)
})
