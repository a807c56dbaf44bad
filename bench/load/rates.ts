import { detailedFigure, figureOfRounds, type Figure } from '../figure.ts'
import { relativeSpread } from '../statistics.ts'
import type { Driver } from './driver.ts'
import { percentile, type Target } from './generator.ts'
import { findHighestRates } from './highest-rates.ts'

const LIMITS_MS = [1, 5, 10, 50, 100]
const PROBE_MS = 700
const ROUNDS = 5
/** With fewer searches their noise is not known, and the rates are only told. */
const FEWEST_ROUNDS = 3
/** Of the whole: a search that is not over by then is left out, unless it is the first. */
const DEADLINE_MS = 60_000
const START_PER_SECOND = 1_000
const RESOLUTION = 2 ** 0.25
const MAX_PROBES = 20
const CONNECTIONS = 64
/** So many calls without an answer do not end in time any more. */
const MAX_OPEN = 2_000

/** What was found for both, limit by limit. */
interface Found {
  readonly bare: readonly number[]
  readonly governed: readonly number[]
  readonly lateMs: number
}

/**
 * The highest rate at which 99 % of the calls are answered within each limit, in an open loop, for the gateway and for the bare pass-through: their
 * probes take turns. In each round the search begins at another rate, so that the steps of the search do not decide what is found.
 */
export async function measureRates(
  driver: Driver,
  bare: Target,
  governed: Target,
): Promise<readonly Figure[]> {
  const until = performance.now() + DEADLINE_MS
  const hasTime = (): boolean => performance.now() < until
  const rounds: Found[] = []
  while (rounds.length < ROUNDS && hasTime()) {
    const found = await searchOnce(driver, [bare, governed], rounds.length, hasTime)
    if (rounds.length === 0 || hasTime()) rounds.push(found)
  }
  const note = `open loop, searches: ${rounds.length}, probes of ${PROBE_MS} ms`
  const late = figureOfRounds(
    'how late the load generator itself was',
    rounds.map(({ lateMs }) => lateMs),
    'ms',
    { note: 'p99 of the calls of a probe; it counts as latency of whoever is measured' },
  )
  const direction = rounds.length < FEWEST_ROUNDS ? {} : ({ better: 'higher' } as const)
  const found = LIMITS_MS.flatMap((limitMs, at) => {
    const of = (name: 'bare' | 'governed'): readonly number[] => rounds.map((one) => one[name][at] ?? 0)
    const name = `highest rate with 99 % under ${limitMs} ms`
    const rate = (who: string, rates: readonly number[]): Figure =>
      figureOfRounds(`${name}: ${who}`, rates, 'calls/s', { spread: noiseOf(rates), ...direction, note })
    // Where the pass-through itself never made it, the machine was too busy to tell.
    const ratios = rounds.flatMap((one) => {
      const base = one.bare[at] ?? 0
      return base === 0 ? [] : [(one.governed[at] ?? 0) / base]
    })
    const figures = [rate('bare', of('bare')), rate('gateway', of('governed'))]
    if (ratios.length === 0)
      return [
        ...figures,
        detailedFigure(`${name}: gateway / bare`, 0, 'x', { note: 'not even the pass-through made it' }),
      ]
    const spread = noiseOf(ratios)
    return [...figures, figureOfRounds(`${name}: gateway / bare`, ratios, 'x', { spread, ...direction })]
  })
  return [...found, late]
}

/** What the search cannot tell apart is noise too, and rounds make it smaller. */
function noiseOf(rounds: readonly number[]): number {
  return Math.max(relativeSpread(rounds), (RESOLUTION - 1) / 2 / Math.sqrt(rounds.length))
}

async function searchOnce(
  driver: Driver,
  targets: readonly [Target, Target],
  round: number,
  hasTime: () => boolean,
): Promise<Found> {
  const lates: number[] = []
  const startPerSecond = START_PER_SECOND * RESOLUTION ** (round / ROUNDS)
  // Both ask the one driver, which takes one job after the other: that is how they take turns.
  const search = (target: Target): Promise<readonly number[]> =>
    findHighestRates(
      async (perSecond) => {
        const pace = { connections: CONNECTIONS, perSecond, forMs: PROBE_MS, graceMs: 300, maxOpen: MAX_OPEN }
        const { latenciesMs, failed, lateMs } = await driver.atRate(target, pace)
        // Where the generator is the one that cannot keep up, it says nothing of itself.
        if (failed === 0) lates.push(lateMs)
        return percentile(latenciesMs, 0.99)
      },
      LIMITS_MS,
      { startPerSecond, resolution: RESOLUTION, maxProbes: MAX_PROBES, hasTime },
    )
  const [bare, governed] = await Promise.all([search(targets[0]), search(targets[1])])
  return {
    bare,
    governed,
    lateMs: percentile(
      lates.toSorted((a, b) => a - b),
      0.5,
    ),
  }
}
