import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'

import { isOfSize, toTokenFigures } from '../tokens/figures.ts'
import { CATALOG, playTasks } from '../tokens/play.ts'
import { toLatencyFigures } from '../latency/figures.ts'
import type { Figure } from '../figure.ts'
import { toTimeTables } from './time-tables.ts'
import { toTokenTables } from './token-tables.ts'

const MAIN = resolve(import.meta.dirname, '../main.ts')
const LARGE = 508
/** Of calls in one turn, besides as many as there are. */
const LIMITS = [5, 1]
const GENERATED_SIZES = [96, 251, 508]

/** What a benchmark gave. */
export interface Run {
  readonly figures: readonly Figure[]
  readonly more: readonly string[]
}

/** Runs a benchmark in a process of its own. Of tasks the reports are read: there is more to tell of them than figures. */
export async function runBenchmark(name: string): Promise<Run> {
  if (name === 'tokens') return runTokens()
  if (name === 'latency') return runLatency()
  return { figures: await runChild(name), more: [] }
}

async function runTokens(): Promise<Run> {
  const report = await playTasks('tokens')
  const limited = await playLimited('tokens')
  const generated =
    CATALOG === 'generated'
      ? undefined
      : await playTasks('tokens', { catalog: 'generated', sizes: GENERATED_SIZES })
  return {
    figures: toTokenFigures(report).filter((figure) => !isOfSize(figure)),
    more: toTokenTables({ report, limited, generated }),
  }
}

async function runLatency(): Promise<Run> {
  const report = await playTasks('latency')
  const limited = await playLimited('latency')
  return {
    figures: toLatencyFigures(report).filter((figure) => !isOfSize(figure)),
    more: toTimeTables({ report, limited }),
  }
}

/** The same with a model that makes fewer calls in a turn. */
async function playLimited(verb: 'tokens' | 'latency') {
  const limited = []
  for (const parallelCalls of LIMITS) {
    limited.push({ parallelCalls, report: await playTasks(verb, { sizes: [LARGE], parallelCalls }) })
  }
  return limited
}

async function runChild(name: string): Promise<readonly Figure[]> {
  const child = spawn(process.execPath, [MAIN, name, '--json'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [said, [code]] = await Promise.all([
    text(child.stdout),
    once(child, 'exit') as Promise<[number | null]>,
  ])
  if (code !== 0) throw new Error(`it ended with ${code ?? 'a signal'}`)
  const figures: unknown = JSON.parse(said)
  if (!Array.isArray(figures) || figures.length === 0) throw new Error('it gave no figures')
  return figures as readonly Figure[]
}
