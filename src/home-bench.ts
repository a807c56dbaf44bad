import { appendFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { setTimeout } from 'node:timers/promises'

import { systemClock } from './assemble.ts'
import { createStages } from './bench-stage.ts'
import type { BenchHost } from './cli/ports.ts'
import { createAnthropicChat } from './llm/chat/anthropic.ts'
import { createOpenAiChat } from './llm/chat/openai.ts'
import type { Log } from './telemetry/log.ts'
import { countText } from './tokens/count.ts'

/** A model that thinks takes minutes for a turn. */
const MODEL_TIMEOUT_MS = 600_000
/** More than any task needs, and no more than models of some years ago can write. */
const MAX_OUTPUT_TOKENS = 8_192

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
    openModel: ({ api, ...parts }) => {
      const create = api === 'anthropic' ? createAnthropicChat : createOpenAiChat
      return create({
        ...parts,
        timeoutMs: MODEL_TIMEOUT_MS,
        maxOutputTokens: MAX_OUTPUT_TOKENS,
        clock: systemClock,
        random: Math.random,
        pause: (ms, signal) => setTimeout(ms, undefined, { signal }),
      })
    },
    appendText: async (path, text, { isPrivate = false }) => {
      try {
        await appendFile(path, text, { mode: isPrivate ? 0o600 : 0o644 })
        return { kind: 'written' }
      } catch (error) {
        return { kind: 'failed', reason: (error as NodeJS.ErrnoException).code ?? 'unknown error' }
      }
    },
  }
}
