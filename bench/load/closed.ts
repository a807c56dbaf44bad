import { figureOfRounds, type Figure } from '../figure.ts'
import type { Peer } from './child.ts'
import type { Driver } from './driver.ts'
import { percentile, type Target } from './generator.ts'

/** How long each gateway is under load, and how often: they take turns, so that a slow moment of the machine meets all. */
const ROUND_MS = 800
const ROUNDS = 7
/** Before that, unmeasured: compilers and connections should be warm. */
const WARM_MS = 3_000
const CONNECTIONS = 16

/** One way to the upstream. */
interface Way {
  readonly peer: Peer
  readonly target: Target
  readonly cpuUs: number[]
  readonly p99Ms: number[]
}

/** The gateways of the benchmark, and the upstream without any. */
export interface Ways {
  readonly direct: Peer
  readonly bare: Peer
  readonly sdk: Peer
  readonly governed: Peer
  /** The gateway before 50 servers. */
  readonly wide: Peer
}

/** Processor time of a call at 16 connections, and what is added to the 99th percentile at one call at a time. */
export async function measureClosed(driver: Driver, ways: Ways): Promise<readonly Figure[]> {
  const direct = toWay(ways.direct, 'echo')
  const bare = toWay(ways.bare, 'echo')
  const sdk = toWay(ways.sdk, 'echo')
  const governed = toWay(ways.governed, 's0__echo')
  const wide = toWay(ways.wide, 's25__echo')
  const gateways = [bare, sdk, governed, wide]
  for (const { target } of [direct, ...gateways]) await driver.inLoop(target, CONNECTIONS, WARM_MS)
  for (let round = 0; round < ROUNDS; round++) {
    for (const way of gateways) await measureCpu(driver, way)
    for (const way of [direct, ...gateways]) await measureLatency(driver, way)
  }
  const cpu = (name: string, { cpuUs }: Way): Figure =>
    figureOfRounds(`processor time per call: ${name}`, cpuUs, 'us', { better: 'lower', note: SIXTEEN })
  // Round by round: a slow moment of the machine is in both.
  const ratio = (way: Way, to: Way): readonly number[] =>
    way.cpuUs.map((us, round) => us / (to.cpuUs[round] ?? Number.NaN))
  const added = (name: string, way: Way, to: Way): Figure =>
    figureOfRounds(
      `added p99 at one call at a time: ${name}`,
      way.p99Ms.map((ms, round) => ms - (to.p99Ms[round] ?? Number.NaN)),
      'ms',
    )
  return [
    cpu('bare pass-through', bare),
    cpu('gateway', governed),
    cpu('SDK on both sides', sdk),
    figureOfRounds('gateway / bare', ratio(governed, bare), 'x', { target: 1.5 }),
    figureOfRounds('gateway / SDK on both sides', ratio(governed, sdk), 'x', { target: 1 / 7 }),
    figureOfRounds('50 upstreams with 1,000 tools / one with one', ratio(wide, governed), 'x', {
      target: 1.1,
    }),
    added('bare', bare, direct),
    added('gateway', governed, direct),
    added('SDK on both sides', sdk, direct),
    added('gateway, beyond the bare pass-through', governed, bare),
    figureOfRounds(
      'p99 at one call at a time: gateway / bare',
      governed.p99Ms.map((ms, round) => ms / (bare.p99Ms[round] ?? Number.NaN)),
      'x',
      { better: 'lower', note: 'both of the same round' },
    ),
  ]
}

const SIXTEEN = `closed loop, ${CONNECTIONS} connections, ${ROUNDS} rounds of ${ROUND_MS} ms`

function toWay(peer: Peer, tool: string): Way {
  return { peer, target: { url: peer.url, tool }, cpuUs: [], p99Ms: [] }
}

async function measureCpu(driver: Driver, { peer, target, cpuUs }: Way): Promise<void> {
  const before = await peer.cpuUs()
  const { calls } = await driver.inLoop(target, CONNECTIONS, ROUND_MS)
  cpuUs.push(((await peer.cpuUs()) - before) / calls)
}

async function measureLatency(driver: Driver, { target, p99Ms }: Way): Promise<void> {
  const { latenciesMs } = await driver.inLoop(target, 1, ROUND_MS)
  p99Ms.push(percentile(latenciesMs, 0.99))
}
