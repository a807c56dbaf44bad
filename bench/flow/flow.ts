import { figure, type Figure } from '../figure.ts'
import { openBenchGateway, type BenchGateway } from '../micro/gateway.ts'
import { measureSuspendedRuns } from './suspended.ts'

/** The type check has figures of its own (`check`); here scripts are run. */
const UNCHECKED = { codeMode: { check: 'off' } }

/** One cell per core: each of them is busy all the time. */
const LIMITS = { parallelCalls: 128, calls: 10_000, callsPerTool: 10_000 }
const TWO_CELLS = { ...UNCHECKED, sandbox: { maxCells: 2, limits: LIMITS } }

/** Before each sample the pool makes its isolates again: what is measured is a run on a warm cell. */
const REFILL_MS = 8

const WARM_UP_RUNS = 40
const SAMPLES = 120

/** How long scripts are counted, and how many are under way at a time. */
const RATE_MS = 4_000
const AT_A_TIME = 8

const ONE = 'return 1 + 1'
const SEQUENTIAL = 'for (let index = 0; index < 10; index++) await tools.bench.instant({ index })'
const PARALLEL = atOnce(100, 'slow')
const FLOOD = atOnce(1_000, 'instant')
const LAMBDAS =
  'await Promise.all(Array.from({ length: 100 }, async (_, index) => { await tools.bench.instant({ index }); await tools.bench.instant({ index }) }))'

function atOnce(count: number, tool: string): string {
  return `await Promise.all(Array.from({ length: ${count} }, (_, index) => tools.bench.${tool}({ index })))`
}

/** The figures of `npm run bench -- flow`. Times are medians. */
export async function measureFlow(): Promise<Figure[]> {
  // First: a process that has done much has more memory than a gateway that holds runs.
  const suspended = await measureSuspendedRuns()
  return [...(await measureRuns()), ...(await measureRate()), ...suspended]
}

async function measureRuns(): Promise<Figure[]> {
  const gateway = await openBenchGateway(UNCHECKED)
  try {
    return [
      figure('return 1 + 1, handler to result, p50', await medianMs(gateway, ONE), 'ms', 1.2),
      figure('10 sequential instant calls, p50', await medianMs(gateway, SEQUENTIAL), 'ms', 3.5),
      figure('100 parallel calls of 20 ms, p50', await medianMs(gateway, PARALLEL), 'ms', 28),
      // 1,000 calls in so many milliseconds are as many microseconds for each.
      figure('1,000 parallel instant calls, per call, p50', await medianMs(gateway, FLOOD), 'us', 25),
      figure('100 async lambdas of two instant calls, p50', await medianMs(gateway, LAMBDAS), 'ms'),
    ]
  } finally {
    await gateway.close()
  }
}

async function medianMs(gateway: BenchGateway, code: string): Promise<number> {
  const samples: number[] = []
  for (let run = 0; run < WARM_UP_RUNS + SAMPLES; run++) {
    await stayBusy(REFILL_MS)
    const startedMs = performance.now()
    await gateway.runScript(code)
    if (run >= WARM_UP_RUNS) samples.push(performance.now() - startedMs)
  }
  return samples.toSorted((a, b) => a - b)[SAMPLES / 2] ?? Number.NaN
}

/** Stays busy while it waits: a sleeping core would add its waking up to the sample. */
async function stayBusy(ms: number): Promise<void> {
  const until = performance.now() + ms
  while (performance.now() < until) await new Promise(setImmediate)
}

/** Scripts of one owner, each in an isolate of its own that is thrown away. */
async function measureRate(): Promise<Figure[]> {
  const gateway = await openBenchGateway(TWO_CELLS)
  try {
    await countScripts(gateway, 1_000)
    const perSecond = await countScripts(gateway, RATE_MS)
    const note = `${Math.round(perSecond)} a second; two cells, a fresh isolate each; the target is 350 a second`
    return [figure('a script, at full load', 1_000 / perSecond, 'ms', 2.857, note)]
  } finally {
    await gateway.close()
  }
}

async function countScripts(gateway: BenchGateway, forMs: number): Promise<number> {
  const startedMs = performance.now()
  let done = 0
  const lane = async (): Promise<void> => {
    while (performance.now() - startedMs < forMs) {
      await gateway.runScript(ONE)
      done += 1
    }
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, lane))
  return (done * 1_000) / (performance.now() - startedMs)
}
