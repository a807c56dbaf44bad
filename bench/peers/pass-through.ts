import { figureOfRounds, type Figure } from '../figure.ts'
import { startDriver, type Driver } from '../load/driver.ts'
import { percentile } from '../load/generator.ts'
import { startDirectServer, type DirectServer } from './direct.ts'
import { GATEWAYS, type GatewayKind, type StartedGateway } from './gateways.ts'
import { skipped } from './skipped.ts'

const ROUNDS = 5
const ROUND_MS = 1_000
const WARM_MS = 1_500
const CONNECTIONS = 16

interface Way extends StartedGateway {
  readonly kind: GatewayKind
  readonly latencyMs: number[]
  readonly addedMs: number[]
  readonly perSecond: number[]
  readonly cpuUs: number[]
}

/**
 * Gateways before the same stdio server, by the same client: what they add to a call, how many calls a second they make at 16 connections, and their
 * processor time. They take turns, round by round.
 *
 * @param folderOf installs a peer; rejects where it cannot be
 */
export async function measurePassThrough(
  folderOf: (kind: GatewayKind) => Promise<string>,
): Promise<readonly Figure[]> {
  const ways: Way[] = []
  const skips: Figure[] = []
  const driver = await startDriver()
  const direct = startDirectServer()
  try {
    for (const kind of GATEWAYS) {
      try {
        const way = { kind, latencyMs: [], addedMs: [], perSecond: [], cpuUs: [] }
        ways.push({ ...way, ...(await kind.start(await folderOf(kind))) })
      } catch (error) {
        skips.push(skipped(kind.name, error))
      }
    }
    await direct.callInLoop(WARM_MS)
    const measured = await measureAll(driver, direct, ways, skips)
    const own = measured.find(({ kind }) => kind.peer === undefined)
    return [...measured.flatMap((way) => toFigures(way, own)), ...skips]
  } finally {
    await Promise.all([...ways.map(({ program }) => program.stop()), driver.stop(), direct.stop()])
  }
}

/** Gives those that held out to the end. */
async function measureAll(
  driver: Driver,
  direct: DirectServer,
  ways: readonly Way[],
  skips: Figure[],
): Promise<readonly Way[]> {
  const left = new Set(ways)
  const attempt = async (way: Way, work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      left.delete(way)
      skips.push(skipped(way.kind.name, error))
    }
  }
  for (const way of ways)
    await attempt(way, async () => void (await driver.inLoop(way.target, CONNECTIONS, WARM_MS)))
  for (let round = 0; round < ROUNDS; round++) {
    const baseMs = percentile(await direct.callInLoop(ROUND_MS / 2), 0.5)
    for (const way of ways) if (left.has(way)) await attempt(way, () => measureOnce(driver, way, baseMs))
  }
  return [...left]
}

async function measureOnce(driver: Driver, way: Way, baseMs: number): Promise<void> {
  const { target, program, latencyMs, addedMs, perSecond, cpuUs } = way
  const one = await driver.inLoop(target, 1, ROUND_MS)
  const latency = percentile(one.latenciesMs, 0.5)
  const before = program.cpuUs()
  const { calls } = await driver.inLoop(target, CONNECTIONS, ROUND_MS)
  cpuUs.push((program.cpuUs() - before) / calls)
  perSecond.push(calls / (ROUND_MS / 1_000))
  latencyMs.push(latency)
  addedMs.push(latency - baseMs)
}

function toFigures(
  { kind, addedMs, latencyMs, perSecond, cpuUs }: Way,
  own: Way | undefined,
): readonly Figure[] {
  const { name, settings, peer } = kind
  const figures = [
    figureOfRounds(`${name}: added to a call, p50`, addedMs, 'ms', {
      better: 'lower',
      note: `one call at a time, beyond the server over its own pipe; ${settings}`,
    }),
    figureOfRounds(`${name}: calls a second at 16 connections`, perSecond, 'calls/s', { better: 'higher' }),
    figureOfRounds(`${name}: processor time per call`, cpuUs, 'us', {
      better: 'lower',
      note: 'its own process, without that of the server',
    }),
  ]
  if (own === undefined || peer === undefined) return figures
  const ratio = (of: 'latencyMs' | 'perSecond' | 'cpuUs', theirs: readonly number[]): readonly number[] =>
    own[of].map((value, round) => value / (theirs[round] ?? Number.NaN))
  return [
    ...figures,
    figureOfRounds(`isogate / ${name}: latency of a call, p50`, ratio('latencyMs', latencyMs), 'x', {
      better: 'lower',
    }),
    figureOfRounds(`isogate / ${name}: calls a second`, ratio('perSecond', perSecond), 'x', {
      better: 'higher',
    }),
    figureOfRounds(`isogate / ${name}: processor time per call`, ratio('cpuUs', cpuUs), 'x', {
      better: 'lower',
    }),
  ]
}
