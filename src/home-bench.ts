import { cpus } from 'node:os'

import { systemClock } from './assemble.ts'
import { createStages } from './bench-stage.ts'
import type { BenchHost } from './cli/ports.ts'
import type { Log } from './telemetry/log.ts'
import { countText } from './tokens/count.ts'

/** What benchmarks of tasks need of this process and of this machine. */
export function createBenchHost({ log, version }: { log: Log; version: string }): BenchHost {
  const all = cpus()
  return {
    openStage: createStages({ log, version }),
    count: countText,
    tokenizer: 'o200k_base',
    clock: systemClock,
    made: {
      version,
      node: process.versions.node,
      platform: `${process.platform}-${process.arch}`,
      cpu: all[0]?.model.trim() ?? 'unknown',
      cpus: all.length,
      at: new Date().toISOString(),
    },
  }
}
