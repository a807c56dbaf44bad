import { figure, type Figure } from '../figure.ts'
import { startPeer, type Peer } from '../load/child.ts'
import { callInLoop, percentile } from '../load/generator.ts'
import type { HouseSettings } from './settings.ts'

const ROUND_MS = 1_000
const ROUNDS = 16
const WARM_MS = 3_000
const CONNECTIONS = 64
const HOUSE = '../governance/house.ts'
const TOOL = 's0__echo'

interface Way {
  readonly peer: Peer
  readonly cpuUs: number[]
  readonly perSecond: number[]
}

/**
 * The figures of `npm run bench -- governance`: what a key, rules with conditions, rates, budgets and the audit cost on the hot path, over HTTP
 * at 64 connections, against the same gateway without them. Every figure is a ratio within one run; the gateways take turns.
 */
export async function measureGovernance(): Promise<Figure[]> {
  const upstream = await startPeer('upstream.ts')
  const house = async (more: Partial<HouseSettings>): Promise<Way> => {
    const settings: HouseSettings = {
      url: upstream.url,
      isGoverned: true,
      durability: 'batched',
      keys: 10,
      rules: 50,
      ...more,
    }
    return { peer: await startPeer(HOUSE, JSON.stringify(settings)), cpuUs: [], perSecond: [] }
  }
  const bare = await house({ isGoverned: false })
  const batched = await house({})
  const strict = await house({ durability: 'strict' })
  const large = await house({ keys: 10_000, rules: 1_000 })
  const ways = [bare, batched, strict, large]
  try {
    for (const { peer } of ways) await callInLoop(peer.url, TOOL, CONNECTIONS, WARM_MS)
    for (let round = 0; round < ROUNDS; round++) {
      // Whoever comes after another one is slower or faster for it: each comes after each.
      const first = round % ways.length
      for (const way of [...ways.slice(first), ...ways.slice(0, first)]) await measure(way)
    }
  } finally {
    await Promise.all([...ways.map(({ peer }) => peer.stop()), upstream.stop()])
  }
  // Round by round: a slow moment of the machine is in both.
  const ratio = (values: readonly number[], to: readonly number[]): number =>
    median(values.map((value, round) => value / (to[round] ?? Number.NaN)))
  return [
    figure('processor time per call: ungoverned', median(bare.cpuUs), 'us'),
    figure('processor time per call: governed, batched audit', median(batched.cpuUs), 'us'),
    figure('processor time per call: governed, strict audit', median(strict.cpuUs), 'us'),
    figure('governed with batched audit / ungoverned', ratio(batched.cpuUs, bare.cpuUs), 'x', 1.35),
    figure(
      'throughput: ungoverned / governed with strict audit',
      ratio(bare.perSecond, strict.perSecond),
      'x',
      1 / 0.6,
    ),
    figure('10,000 keys and 1,000 rules / 10 keys and 50 rules', ratio(large.cpuUs, batched.cpuUs), 'x', 1.1),
  ]
}

async function measure({ peer, cpuUs, perSecond }: Way): Promise<void> {
  const before = await peer.cpuUs()
  const { calls } = await callInLoop(peer.url, TOOL, CONNECTIONS, ROUND_MS)
  cpuUs.push(((await peer.cpuUs()) - before) / calls)
  perSecond.push(calls / (ROUND_MS / 1_000))
}

function median(values: readonly number[]): number {
  return percentile(
    values.toSorted((a, b) => a - b),
    0.5,
  )
}
