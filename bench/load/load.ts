import { figure, type Figure } from '../figure.ts'
import { startPeer, type Peer } from './child.ts'
import { callInLoop, percentile } from './generator.ts'

/** How long each gateway is under load, and how often: they take turns, so that a slow moment of the machine meets all. */
const ROUND_MS = 1_000
const ROUNDS = 9
/** Before that, unmeasured: compilers and connections should be warm. */
const WARM_MS = 3_000
const CONNECTIONS = 16

/** One way to the upstream, and the name of the tool on it. */
interface Way {
  readonly peer: Peer
  readonly tool: string
  readonly cpuUs: number[]
  readonly p99Ms: number[]
}

/**
 * The figures of `npm run bench -- load`: processor time of the gateway's process for one call, and what it adds to the 99th
 * percentile at one call at a time; against a pass-through that checks nothing and against the SDK on both sides. Load,
 * gateway and upstream are processes of their own; every figure is a ratio within one run.
 */
export async function measureLoad(): Promise<Figure[]> {
  const upstream = await startPeer('upstream.ts')
  const many = await startPeer('upstream.ts', '20')
  const wayOf = (peer: Peer, tool: string): Way => ({ peer, tool, cpuUs: [], p99Ms: [] })
  const direct = wayOf(upstream, 'echo')
  const bare = wayOf(await startPeer('bare.ts', upstream.url), 'echo')
  const sdk = wayOf(await startPeer('sdk.ts', upstream.url), 'echo')
  const governed = wayOf(await startPeer('governed.ts', '1', upstream.url), 's0__echo')
  const wide = wayOf(await startPeer('governed.ts', '50', many.url), 's25__echo')
  const gateways = [bare, sdk, governed, wide]
  try {
    for (const way of [direct, ...gateways]) await callInLoop(way.peer.url, way.tool, CONNECTIONS, WARM_MS)
    for (let round = 0; round < ROUNDS; round++) {
      for (const way of gateways) await measureCpu(way)
      for (const way of [direct, ...gateways]) await measureLatency(way)
    }
  } finally {
    await Promise.all([...gateways.map(({ peer }) => peer.stop()), upstream.stop(), many.stop()])
  }
  const cpu = (way: Way): number => median(way.cpuUs)
  // Round by round: a slow moment of the machine is in both.
  const ratio = (way: Way, to: Way): number =>
    median(way.cpuUs.map((us, round) => us / (to.cpuUs[round] ?? Number.NaN)))
  const added = (way: Way): number => median(way.p99Ms) - median(direct.p99Ms)
  return [
    figure('processor time per call: bare pass-through', cpu(bare), 'us'),
    figure('processor time per call: governed', cpu(governed), 'us'),
    figure('processor time per call: SDK on both sides', cpu(sdk), 'us'),
    figure('governed / bare', ratio(governed, bare), 'x', 1.5),
    figure('governed / SDK on both sides', ratio(governed, sdk), 'x', 1 / 7),
    figure('50 upstreams with 1,000 tools / one with one', ratio(wide, governed), 'x', 1.1),
    figure('added p99 at one call at a time: bare', added(bare), 'ms'),
    figure('added p99 at one call at a time: governed', added(governed), 'ms'),
    figure('added p99 at one call at a time: SDK on both sides', added(sdk), 'ms'),
  ]
}

async function measureCpu({ peer, tool, cpuUs }: Way): Promise<void> {
  const before = await peer.cpuUs()
  const { calls } = await callInLoop(peer.url, tool, CONNECTIONS, ROUND_MS)
  cpuUs.push(((await peer.cpuUs()) - before) / calls)
}

async function measureLatency({ peer, tool, p99Ms }: Way): Promise<void> {
  const { latenciesMs } = await callInLoop(peer.url, tool, 1, ROUND_MS)
  p99Ms.push(percentile(latenciesMs, 0.99))
}

function median(values: readonly number[]): number {
  return percentile(
    values.toSorted((a, b) => a - b),
    0.5,
  )
}
