import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'

import { callAtRate } from '../../bench/load/open-loop.ts'

/** Answers with what it got, once it may. */
async function startServer(
  mayAnswer: (served: number) => Promise<boolean>,
): Promise<{ url: string; served: () => number }> {
  let served = 0
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      void mayAnswer(served++).then((isRight) =>
        response.end(isRight ? Buffer.concat(chunks) : 'something else'),
      )
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, served: () => served }
}

const PACE = { connections: 1, perSecond: 200, forMs: 500 }

test('as many calls are made as the rate says, whatever the answers take', async () => {
  const { url } = await startServer(() => Promise.resolve(true))
  const load = await callAtRate({ url, tool: 'echo' }, { ...PACE, graceMs: 10_000 })
  expect(load).toMatchObject({ calls: 100, failed: 0 })
  expect(load.latenciesMs).toHaveLength(100)
  expect(load.latenciesMs).toEqual(load.latenciesMs.toSorted((a, b) => a - b))
})

test('calls that were due while the server stood still have waited too', async () => {
  // The first call of the load, after the one that opens the connection, takes 400 ms; all others nothing.
  const { url } = await startServer(async (served) => {
    if (served === 1) await new Promise((resolve) => setTimeout(resolve, 400))
    return true
  })
  const { latenciesMs } = await callAtRate({ url, tool: 'echo' }, { ...PACE, graceMs: 10_000 })
  // Sixty more calls were due in the first 300 ms. Counted from their sending, only the first would be slow.
  expect(latenciesMs.filter((ms) => ms >= 100).length).toBeGreaterThanOrEqual(50)
})

test('wrong answers and none at all have failed, and took for ever', async () => {
  const wrong = await startServer((served) => Promise.resolve(served % 2 === 0))
  const half = await callAtRate({ url: wrong.url, tool: 'echo' }, { ...PACE, graceMs: 10_000 })
  expect(half.failed).toBe(50)
  const silent = await startServer((served) => (served === 0 ? Promise.resolve(true) : new Promise(() => {})))
  const none = await callAtRate({ url: silent.url, tool: 'echo' }, { ...PACE, graceMs: 50 })
  expect(none).toMatchObject({ calls: 100, failed: 100 })
  expect(none.latenciesMs[0]).toBe(Infinity)
})

test('where it is hopeless the rest is not sent, and has failed', async () => {
  const { url } = await startServer((served) =>
    served === 0 ? Promise.resolve(true) : new Promise(() => {}),
  )
  const load = await callAtRate({ url, tool: 'echo' }, { ...PACE, forMs: 60_000, graceMs: 50, maxOpen: 5 })
  expect(load).toMatchObject({ calls: 12_000, failed: 12_000 })
})
