import { detailedFigure, figure, type Figure } from '../figure.ts'
import { startPeer, startPeerWith, YOUNG_BOUND, type Peer } from './child.ts'
import { startDriver } from './driver.ts'
import { percentile } from './generator.ts'

const MINUTES = 5
const CONNECTIONS = 16
const PROBE_MS = 5_000
const SAMPLE_MS = 5_000

/**
 * Five minutes at half of the highest rate: every call must be answered, and the memory of the gateway must not grow once the
 * first minute is over.
 */
export async function measureSoak(): Promise<Figure[]> {
  const upstream = await startPeer('upstream.ts')
  const governed = await startPeerWith([YOUNG_BOUND], 'governed.ts', '1', upstream.url)
  const driver = await startDriver()
  const target = { url: governed.url, tool: 's0__echo' }
  try {
    const probe = await driver.inLoop(target, CONNECTIONS, PROBE_MS)
    const perSecond = Math.floor(probe.calls / (PROBE_MS / 1_000) / 2)
    const samples = sampleMemory(governed)
    const forMs = MINUTES * 60_000
    const pace = { connections: CONNECTIONS, perSecond, forMs, graceMs: 30_000 }
    const { calls, failed, latenciesMs } = await driver.atRate(target, pace)
    const slope = slopeOf((await samples.stop()).filter(({ minute }) => minute >= 1))
    return [
      detailedFigure('half of the highest rate', perSecond, 'calls/s', { better: 'higher' }),
      figure('calls made', calls, 'calls'),
      figure('calls that failed', failed, 'calls', 0),
      figure('latency from the moment a call was due, p99', percentile(latenciesMs, 0.99), 'ms'),
      figure('growth of resident memory after the first minute', slope, 'MB/min', 1),
    ]
  } finally {
    await Promise.all([driver.stop(), governed.stop(), upstream.stop()])
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
