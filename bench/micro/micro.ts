import { figure, figureOfRounds, type Figure } from '../figure.ts'
import { openBenchGateway, type BenchGateway } from './gateway.ts'
import { measureIdleMemory } from './memory.ts'
import { openParts } from './parts.ts'
import { timeInRounds, type Timed } from './rounds.ts'
import { doYardstick } from './yardstick.ts'

/** Before each sample the pool makes its isolates again: what is measured is a run on a warm cell. */
const REFILL_MS = 8

/** The name of the yardstick among what is timed. */
const YARDSTICK = 'yardstick'

/** A figure to be: its time, and what is told of it. */
interface Row extends Timed {
  readonly unit: 'ms' | 'us'
  /** A figure is for one of so many. */
  readonly per?: number
  readonly target?: number
  readonly note?: string
}

/**
 * The figures of `npm run bench -- micro`. Times are medians, with what the medians of the rounds differ by; each also as a multiple of the
 * yardstick of the same round, which is what can be compared with another day.
 */
export async function measureMicro(): Promise<readonly Figure[]> {
  const gateway = await openBenchGateway()
  const { parts, close } = await openParts()
  const rows: readonly Row[] = [
    ...gatewayRows(gateway),
    ...parts.map(({ name, what, times, work }): Row => ({
      name: `${name}, p50`,
      note: what,
      times,
      work,
      unit: 'us',
    })),
  ]
  let medians
  try {
    medians = await timeInRounds([{ name: YARDSTICK, work: doYardstick, times: 1 }, ...rows])
  } finally {
    await Promise.all([gateway.close(), close()])
  }
  const yardstick = medians.get(YARDSTICK) ?? []
  const memory = await measureIdleMemory()
  return [
    ...rows.flatMap((row) => toFigures(row, medians.get(row.name) ?? [], yardstick)),
    figureOfRounds(
      YARDSTICK,
      yardstick.map((ms) => ms * 1_000),
      'us',
      { note: 'JSON, a sort and a map' },
    ),
    figure('resident memory of the idle gateway', memory.gatewayMb, 'MB', 120, 'three servers connected'),
    figure('resident memory of an idle cell', memory.cellMb, 'MB', 70, 'with its warm isolates'),
  ]
}

function toFigures(
  { name, unit, per = 1, target, note }: Row,
  ms: readonly number[],
  yardstick: readonly number[],
): Figure[] {
  const scale = (unit === 'us' ? 1_000 : 1) / per
  const ratios = ms.map((one, round) => one / (yardstick[round] ?? Number.NaN))
  return [
    figureOfRounds(
      name,
      ms.map((one) => one * scale),
      unit,
      { target, note, better: 'lower' },
    ),
    figureOfRounds(`${name} / yardstick`, ratios, 'x', { better: 'lower' }),
  ]
}

/** What goes through the whole gateway and its sandbox. */
function gatewayRows({ runScript, callTool }: BenchGateway): readonly Row[] {
  const run = (code: string) => async (): Promise<void> => void (await runScript(code))
  const hooks = { beforeEach: waitForRefill }
  return [
    {
      name: 'run: return 1 + 1, handler to result, p50',
      work: run('return 1 + 1'),
      times: 1,
      hooks,
      unit: 'ms',
      target: 1.5,
    },
    {
      name: '100 parallel calls of 20 ms, p50',
      work: run('await Promise.all(Array.from({ length: 100 }, (_, index) => tools.bench.slow({ index })))'),
      times: 1,
      hooks,
      unit: 'ms',
      target: 32,
    },
    {
      name: '10 sequential instant calls, p50',
      work: run('for (let index = 0; index < 10; index++) await tools.bench.instant({ index })'),
      times: 1,
      hooks,
      unit: 'ms',
      target: 5,
    },
    {
      name: '1,000 parallel instant calls, per call, p50',
      work: run(
        'await Promise.all(Array.from({ length: 1000 }, (_, index) => tools.bench.instant({ index })))',
      ),
      times: 1,
      per: 1_000,
      hooks,
      unit: 'us',
      target: 30,
    },
    {
      name: 'governed call of an instant tool, p50',
      work: async () => void (await callTool()),
      times: 1,
      unit: 'us',
    },
  ]
}

/** Stays busy while it waits: a sleeping core would add its waking up to the sample. */
async function waitForRefill(): Promise<void> {
  const until = performance.now() + REFILL_MS
  while (performance.now() < until) await new Promise(setImmediate)
}
