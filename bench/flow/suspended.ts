import { readFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import { systemClock } from '../../src/assemble.ts'
import { compileConfig } from '../../src/config/compile.ts'
import { CONFIG_SCHEMA, toConfig } from '../../src/config/schema.ts'
import type { RunOutcome, RunRecord, ScriptCallOutcome } from '../../src/core/run.ts'
import { readResidentBytes } from '../../src/scripts/cells/resident.ts'
import { createSandbox } from '../../src/scripts/cells/sandbox.ts'
import { figure, type Figure } from '../figure.ts'

const RUNS = 200

/** Ten pages of 8 KB, and then something that needs a person. */
const SCRIPT = `const pages = await Promise.all(Array.from({ length: 10 }, async (_, page) => {
  const { text } = await tools.s.page({ page })
  return text.length
}))
await tools.s.approve({ pages })
return pages.length`

const PAGE = { text: 'x'.repeat(8_000) }

/** What 200 runs cost that wait, and what it takes to let them go on. */
export async function measureSuspendedRuns(): Promise<Figure[]> {
  const { sandbox: plan } = compileConfig(toConfig(CONFIG_SCHEMA.parse({})), '/')
  const { limits, ...cells } = plan
  const sandbox = createSandbox({
    ...cells,
    // One per core.
    maxCells: 2,
    memoryMb: limits.memoryMb,
    maxFrameBytes: limits.resultBytes + 1_048_576,
    clock: systemClock,
  })
  const runOne = (isApproved: boolean, replay?: RunRecord): Promise<RunOutcome> =>
    sandbox.run({
      id: 'run',
      owner: 'owner',
      code: SCRIPT,
      limits,
      signal: new AbortController().signal,
      ...(replay === undefined ? {} : { replay }),
      call: ({ tool }): Promise<ScriptCallOutcome> => {
        if (tool === 'page') return Promise.resolve({ ok: true, value: PAGE })
        if (isApproved) return Promise.resolve({ ok: true, value: null })
        return Promise.resolve({ ok: false, suspended: true, reason: 'a person' })
      },
    })
  try {
    await inTurns(20, () => runOne(false))
    const before = usedBytes()
    // As a store holds them: text.
    const kept = (await inTurns(RUNS, () => runOne(false))).map(({ record }) => JSON.stringify(record))
    const heldMb = (usedBytes() - before) / 1e6
    const residentMb = residentBytes() / 1e6
    const startedMs = performance.now()
    const ends = await inTurns(RUNS, (n) => runOne(true, JSON.parse(kept[n] ?? '') as RunRecord))
    const replayMs = (performance.now() - startedMs) / RUNS
    const failed = ends.filter(({ value }) => value !== 10).length
    return [
      figure('resident memory with 200 suspended runs', residentMb, 'MB', 600, 'gateway and cells together'),
      figure('kept for 200 suspended runs', heldMb, 'MB', undefined, 'their records, 80 KB of results each'),
      figure('200 suspended runs replayed to their end, each', replayMs, 'ms'),
      figure('of these failed', failed, 'runs', 0),
    ]
  } finally {
    await sandbox.close()
  }
}

async function inTurns<Value>(count: number, run: (n: number) => Promise<Value>): Promise<Value[]> {
  const values: Value[] = []
  const from = { next: 0 }
  const lane = async (): Promise<void> => {
    while (from.next < count) {
      const n = from.next++
      values[n] = await run(n)
    }
  }
  await Promise.all([lane(), lane()])
  return values
}

/** What this process and its children have in memory. Linux only. */
function residentBytes(): number {
  const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'latin1')
  const pids = [process.pid, ...children.split(' ').filter(Boolean).map(Number)]
  return pids.reduce((sum, pid) => sum + (readResidentBytes(pid) ?? 0), 0)
}

/** What this process holds, once all that can go has gone. */
function usedBytes(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
