import type { RunUsage } from '../../src/core/run.ts'

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
