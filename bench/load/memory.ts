import { setTimeout as sleep } from 'node:timers/promises'

import { figureOfRounds, type Figure } from '../figure.ts'
import { startPeerWith, YOUNG_BOUND, type Peer } from './child.ts'
import type { Driver } from './driver.ts'

const SAMPLES = 5
const BETWEEN_MS = 500
const CONNECTIONS = 16
/** Before the samples under load: the heap grows to what it needs. */
const GROW_MS = 2_000
/** After the load, before the samples: connections end, and what is left is freed. */
const SETTLE_MS = 1_500

/** Resident memory of a gateway that has done nothing yet, under load, and when the load is over. */
export async function measureMemory(driver: Driver, upstream: Peer): Promise<readonly Figure[]> {
  const peer = await startPeerWith([YOUNG_BOUND], 'governed.ts', '1', upstream.url)
  try {
    await sleep(BETWEEN_MS)
    const idle = await sampleMb(peer)
    const loaded = driver.inLoop(
      { url: peer.url, tool: 's0__echo' },
      CONNECTIONS,
      GROW_MS + SAMPLES * BETWEEN_MS + 500,
    )
    await sleep(GROW_MS)
    const steady = await sampleMb(peer)
    const { calls } = await loaded
    await sleep(SETTLE_MS)
    const after = await sampleMb(peer)
    const toFigure = (name: string, samples: readonly number[], note: string): Figure =>
      figureOfRounds(`resident memory: ${name}`, samples, 'MB', { better: 'lower', note })
    return [
      toFigure('idle', idle, 'after the start, before the first call; each after a collection'),
      toFigure('steady', steady, `under load over ${CONNECTIONS} connections`),
      toFigure('after', after, `${calls.toLocaleString('en')} calls later, at rest`),
      figureOfRounds(
        'resident memory: after / idle',
        after.map((megabytes, at) => megabytes / (idle[at] ?? Number.NaN)),
        'x',
        { better: 'lower' },
      ),
    ]
  } finally {
    await peer.stop()
  }
}

async function sampleMb(peer: Peer): Promise<readonly number[]> {
  const samples: number[] = []
  for (let sample = 0; sample < SAMPLES; sample++) {
    samples.push((await peer.residentBytes()) / 1e6)
    await sleep(BETWEEN_MS)
  }
  return samples
}
