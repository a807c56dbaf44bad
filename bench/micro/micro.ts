import { Bench, type Task } from 'tinybench'

import { figure, type Figure } from '../figure.ts'
import { openBenchGateway, type BenchGateway } from './gateway.ts'
import { measureIdleMemory } from './memory.ts'

/** Before each sample the pool makes its isolates again: what is measured is a run on a warm cell. */
const REFILL_MS = 8

/** The figures of `npm run bench -- micro`. Times are medians in milliseconds. */
export async function measureMicro(): Promise<Figure[]> {
  const gateway = await openBenchGateway()
  let runs: Bench
  try {
    runs = await measureRuns(gateway)
  } finally {
    await gateway.close()
  }
  const memory = await measureIdleMemory()
  return [
    figure('return 1 + 1, handler to result, p50', medianOf(runs, ONE), 'ms', 1.5),
    figure('100 parallel calls of 20 ms, p50', medianOf(runs, PARALLEL), 'ms', 32),
    figure('10 sequential instant calls, p50', medianOf(runs, SEQUENTIAL), 'ms', 5),
    figure('1,000 parallel instant calls, per call, p50', medianOf(runs, FLOOD), 'us', 30),
    figure('governed call of an instant tool, p50', medianOf(runs, CALL) * 1_000, 'us'),
    figure('resident memory of the idle gateway', memory.gatewayMb, 'MB', 120, 'three servers connected'),
    figure('resident memory of an idle cell', memory.cellMb, 'MB', 70, 'with its warm isolates'),
  ]
}

const ONE = 'one'
const PARALLEL = 'parallel'
const SEQUENTIAL = 'sequential'
const FLOOD = 'flood'
const CALL = 'call'

async function measureRuns(gateway: BenchGateway): Promise<Bench> {
  const bench = new Bench({
    iterations: 60,
    time: 1_500,
    warmupIterations: 30,
    warmupTime: 500,
    retainSamples: true,
  })
  const run = (code: string) => async (): Promise<void> => void (await gateway.runScript(code))
  const warm = { beforeEach: waitForRefill }
  bench
    .add(ONE, run('return 1 + 1'), warm)
    .add(
      PARALLEL,
      run('await Promise.all(Array.from({ length: 100 }, (_, index) => tools.bench.slow({ index })))'),
      warm,
    )
    .add(
      SEQUENTIAL,
      run('for (let index = 0; index < 10; index++) await tools.bench.instant({ index })'),
      warm,
    )
    .add(
      FLOOD,
      run('await Promise.all(Array.from({ length: 1000 }, (_, index) => tools.bench.instant({ index })))'),
      warm,
    )
    .add(CALL, async () => void (await gateway.callTool()))
  await bench.run()
  return bench
}

function medianOf(bench: Bench, name: string): number {
  const task: Task | undefined = bench.getTask(name)
  const result = task?.result
  if (result === undefined || !('latency' in result))
    throw new Error(`"${name}" was not measured: ${String(result?.state)}`)
  // 1,000 calls in so many milliseconds are as many microseconds for each.
  return result.latency.p50
}

/** Stays busy while it waits: a sleeping core would add its waking up to the sample. */
async function waitForRefill(): Promise<void> {
  const until = performance.now() + REFILL_MS
  while (performance.now() < until) await new Promise(setImmediate)
}
