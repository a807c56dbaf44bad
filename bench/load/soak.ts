import { figure, type Figure } from '../figure.ts'
import { startPeer, startPeerWith, type Peer } from './child.ts'
import { callAtRate, callInLoop } from './generator.ts'

const MINUTES = 5
const CONNECTIONS = 16
const PROBE_MS = 5_000
const SAMPLE_MS = 5_000
/** As `npm start` has it: without the bound V8 lets its young objects take a hundred megabytes, little by little. */
const YOUNG_BOUND = '--max-semi-space-size=8'

/**
 * Five minutes at half of the highest rate: every call must be answered, and the memory of the gateway must not grow once the
 * first minute is over.
 */
export async function measureSoak(): Promise<Figure[]> {
  const upstream = await startPeer('upstream.ts')
  const governed = await startPeerWith([YOUNG_BOUND], 'governed.ts', '1', upstream.url)
  try {
    const probe = await callInLoop(governed.url, 's0__echo', CONNECTIONS, PROBE_MS)
    const perSecond = Math.floor(probe.calls / (PROBE_MS / 1_000) / 2)
    const samples = sampleMemory(governed)
    const { calls, failed } = await callAtRate(
      governed.url,
      's0__echo',
      CONNECTIONS,
      perSecond,
      MINUTES * 60_000,
    )
    const slope = slopeOf((await samples.stop()).filter(({ minute }) => minute >= 1))
    return [
      figure('calls per second, half of the highest rate', perSecond, ''),
      figure('calls made', calls, ''),
      figure('calls that failed', failed, '', 0),
      figure('growth of resident memory after the first minute', slope, 'MB/min', 1),
    ]
  } finally {
    await Promise.all([governed.stop(), upstream.stop()])
  }
}

interface Sample {
  readonly minute: number
  readonly megabytes: number
}

function sampleMemory(peer: Peer): { stop: () => Promise<readonly Sample[]> } {
  const samples: Sample[] = []
  const startedMs = performance.now()
  let last: Promise<void> = Promise.resolve()
  const take = async (): Promise<void> => {
    const megabytes = (await peer.residentBytes()) / 1_048_576
    samples.push({ minute: (performance.now() - startedMs) / 60_000, megabytes })
    process.stderr.write(`  ${samples.at(-1)?.minute.toFixed(1)} min  ${megabytes.toFixed(1)} MB\n`)
  }
  const timer = setInterval(() => {
    last = take()
  }, SAMPLE_MS)
  return {
    async stop() {
      clearInterval(timer)
      await last
      return samples
    },
  }
}

/** Megabytes a minute, by least squares. */
function slopeOf(samples: readonly Sample[]): number {
  const mean = (of: (sample: Sample) => number): number =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length
  const x = mean(({ minute }) => minute)
  const y = mean(({ megabytes }) => megabytes)
  const above = samples.reduce((sum, { minute, megabytes }) => sum + (minute - x) * (megabytes - y), 0)
  return above / samples.reduce((sum, { minute }) => sum + (minute - x) ** 2, 0)
}
