import type { RunLimits, RunUsage } from '../../src/core/run.ts'

/** What a small run used. */
export const USAGE: RunUsage = {
  wallMs: 1,
  cpuMs: 1,
  toolWaitMs: 0,
  queueWaitMs: 0,
  calls: 0,
  callsByTool: {},
  logBytes: 0,
  argumentBytes: 0,
  resultBytes: 0,
  memoryBytes: 1,
}

/** Limits that no small run reaches. */
export const LIMITS: RunLimits = {
  wallMs: 20_000,
  cpuMs: 5_000,
  memoryMb: 64,
  calls: 100,
  callsPerTool: 100,
  parallelCalls: 4,
  codeBytes: 10_000,
  logBytes: 10_000,
  argumentBytes: 100_000,
  resultBytes: 100_000,
  valueBytes: 10_000,
}
