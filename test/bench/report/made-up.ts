import type { BenchReport, CatalogSize, Point, Turn } from '../../../src/bench/points.ts'
import { TASK_KINDS, type TaskKind } from '../../../src/config/tasks/schema.ts'
import type { Mode, ShownMode } from '../../../src/core/mode.ts'

export interface Wishes {
  readonly sizes?: readonly number[]
  readonly perKind?: number
  readonly modes?: readonly Mode[]
  readonly isTimed?: boolean
  /** Names of tasks that code mode does not solve. */
  readonly failing?: readonly string[]
}

const SIZES = [10, 25, 50, 96, 251, 508, 1_000, 5_000]
const MODES: readonly Mode[] = ['classic', 'search', 'code', 'auto']
const TOKENS_PER_TOOL = 138

/** What a kind takes: turns and tokens of results in direct calls, and the scripts of code mode. */
const SHAPES: Readonly<Record<TaskKind, { direct: number; result: number; scripts: number; kept: number }>> =
  {
    single: { direct: 1, result: 240, scripts: 1, kept: 60 },
    chain: { direct: 3, result: 320, scripts: 1, kept: 70 },
    'fan-out': { direct: 2, result: 4_800, scripts: 1, kept: 90 },
    join: { direct: 3, result: 3_900, scripts: 1, kept: 120 },
    filter: { direct: 1, result: 14_000, scripts: 1, kept: 80 },
    loop: { direct: 6, result: 900, scripts: 1, kept: 90 },
    recovery: { direct: 2, result: 180, scripts: 2, kept: 90 },
    nothing: { direct: 0, result: 0, scripts: 0, kept: 0 },
    'whole-result': { direct: 1, result: 9_000, scripts: 1, kept: 9_100 },
    judgement: { direct: 2, result: 1_700, scripts: 2, kept: 1_650 },
  }

/** A report of no real run, the same at each call, with gains, losses and, where wished, failures. */
export function madeUpReport({
  sizes = SIZES,
  perKind = 5,
  modes = MODES,
  isTimed = true,
  failing = [],
}: Wishes = {}): BenchReport {
  const tasks = TASK_KINDS.flatMap((kind) =>
    Array.from({ length: perKind }, (_, at) => ({
      name: `${kind}-${String(at + 1)}`,
      kind,
      goal: `Do the thing number ${String(at + 1)} of kind ${kind}.`,
    })),
  )
  const points = sizes.flatMap((tools) =>
    tasks.flatMap((task, at) =>
      modes.map((mode): Point => {
        const shown: ShownMode = mode === 'auto' ? (tools <= 25 ? 'classic' : 'code') : mode
        const isOk = !(shown === 'code' && failing.includes(task.name))
        const point = playMadeUp(task.kind, tools, shown, (at * 7) % 5, isTimed)
        return {
          task: task.name,
          kind: task.kind,
          tools,
          mode,
          shown,
          ok: isOk,
          ...(isOk ? {} : { reason: 'The answer is 12 and should be 14.' }),
          ...point,
        }
      }),
    ),
  )
  return {
    format: 'isogate-bench/1',
    isTimed,
    made: {
      version: '0.1.0',
      node: 'v24.21.0',
      platform: 'linux x64',
      cpu: 'Processor of a made-up machine',
      cpus: 2,
      at: '2026-11-22T12:00:00.000Z',
    },
    tokenizer: 'o200k_base',
    catalog: { source: 'built-in', sizes: sizes.map(toSize) },
    tasks,
    modes,
    pricing: { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75, cacheMinTokens: 1_024 },
    latency: {
      firstTokenMs: 800,
      readPerSecond: 40_000,
      cachedReadPerSecond: 100_000,
      writePerSecond: 60,
      turnMs: 100,
    },
    points,
  }
}

function toSize(tools: number): CatalogSize {
  return { tools, definitionTokens: tools * TOKENS_PER_TOOL }
}

function playMadeUp(
  kind: TaskKind,
  tools: number,
  shown: ShownMode,
  variant: number,
  isTimed: boolean,
): Pick<Point, 'head' | 'turns' | 'calls'> {
  const shape = SHAPES[kind]
  const definitions = shown === 'classic' ? tools * TOKENS_PER_TOOL : shown === 'search' ? 820 : 1_150
  const head = {
    definitions,
    instructions: shown === 'classic' ? 40 : 240 + Math.round(90 * Math.log2(tools)),
  }
  const result = Math.round(shape.result * (1 + variant / 8))
  const steps: { readonly writes: number; readonly gets: number }[] = []
  if (shown !== 'classic') steps.push({ writes: 45, gets: shown === 'code' ? 380 : 620 })
  const works = shown === 'code' ? shape.scripts : shape.direct
  const gets = shown === 'code' ? shape.kept : result / Math.max(1, shape.direct)
  for (let at = 0; at < works; at++)
    steps.push({ writes: shown === 'code' ? 170 : 70, gets: Math.round(gets) })
  let input = definitions + head.instructions + 48
  const turns: Turn[] = steps.map(({ writes, gets: got }) => {
    const turn = { input, output: writes, ...(isTimed ? { toolMs: 14 + variant * 3 + got / 40 } : {}) }
    input += writes + got
    return turn
  })
  turns.push({ input, output: 38 + variant * 4 })
  return { head, turns, calls: kind === 'fan-out' ? 24 : shape.direct }
}
