import type {
  RunLimits,
  RunOutcome,
  RunRecord,
  RunRequest,
  Sandbox,
  ScriptCall,
} from '../../../src/core/run.ts'
import { createSandbox } from '../../../src/scripts/cells/sandbox.ts'

export const LIMITS: RunLimits = {
  wallMs: 20_000,
  cpuMs: 5_000,
  memoryMb: 64,
  calls: 1_000,
  callsPerTool: 500,
  parallelCalls: 8,
  codeBytes: 100_000,
  logBytes: 10_000,
  argumentBytes: 1_000_000,
  resultBytes: 1_000_000,
  valueBytes: 100_000,
}

/** Starts a sandbox of one process. */
export function openSandbox(): Sandbox {
  return createSandbox({
    maxCells: 1,
    warmIsolates: 2,
    memoryMb: 64,
    cellMemoryMb: 300,
    queue: 300,
    maxFrameBytes: 4_000_000,
    clock: { nowMs: () => Date.now(), monotonicMs: () => performance.now() },
  })
}

/** What a leg of a run is given beside its source. */
export type Leg = Pick<RunRequest, 'call'> & Partial<RunRequest>

/** Runs one leg. */
export function runLeg(sandbox: Sandbox, code: string, leg: Leg): Promise<RunOutcome> {
  return sandbox.run({
    id: 'run',
    owner: 'owner',
    code,
    limits: LIMITS,
    signal: new AbortController().signal,
    ...leg,
  })
}

/** A record as a store gives it back. */
export function stored(record: RunRecord): RunRecord {
  return JSON.parse(JSON.stringify(record)) as RunRecord
}

/** What the world saw of a call. */
export type Seen = Pick<ScriptCall, 'key' | 'server' | 'tool' | 'args'>

/** Waits for so many milliseconds, or only for the next turn of the event loop. */
export function pass(ms: number): Promise<void> {
  return new Promise((resolve) => (ms === 0 ? setImmediate(resolve) : setTimeout(resolve, ms)))
}
