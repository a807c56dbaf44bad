import fc from 'fast-check'
import { DEFAULT_LATENCY } from '../../../src/bench/analysis/latency.ts'
import { DEFAULT_PRICING } from '../../../src/bench/analysis/price.ts'
import type { BenchReport, Point, Turn } from '../../../src/bench/points.ts'
import { TASK_KINDS } from '../../../src/config/tasks/schema.ts'
import { MODES } from '../../../src/core/mode.ts'

/** A point of which only some things matter. */
export function pointOf(some: Partial<Point> = {}): Point {
  const mode = some.mode ?? 'classic'
  return {
    task: 'one',
    kind: 'single',
    tools: 10,
    mode,
    shown: mode === 'auto' ? 'classic' : mode,
    ok: true,
    head: { definitions: 0, instructions: 0 },
    turns: [{ input: 100, output: 10 }],
    calls: 1,
    ...some,
  }
}

/** One turn that sends so many tokens. */
export function sends(input: number, output = 0): readonly Turn[] {
  return [{ input, output }]
}

/** So many turns that all send the same. */
export function turnsOf(count: number, input: number, output = 0): readonly Turn[] {
  return Array.from({ length: count }, () => ({ input, output }))
}

export function reportOf(points: readonly Point[], some: Partial<BenchReport> = {}): BenchReport {
  const tasks = new Map(points.map(({ task, kind }) => [task, { name: task, kind, goal: `do ${task}` }]))
  return {
    format: 'isogate-bench/1',
    isTimed: false,
    made: {
      version: '1.0.0',
      node: '24.0.0',
      platform: 'linux',
      cpu: 'some',
      cpus: 2,
      at: '2026-01-01T00:00:00.000Z',
    },
    tokenizer: 'o200k_base',
    catalog: { source: 'built in', sizes: [] },
    tasks: [...tasks.values()],
    modes: ['classic', 'code'],
    pricing: DEFAULT_PRICING,
    latency: DEFAULT_LATENCY,
    points,
    ...some,
  }
}

const tokens = fc.integer({ min: 0, max: 5_000 })

/** A conversation: each turn sends all that was before, and more. */
export const conversations = fc
  .record({
    task: fc.constantFrom('one', 'two', 'three', 'four'),
    kind: fc.constantFrom(...TASK_KINDS),
    tools: fc.constantFrom(10, 50, 250),
    mode: fc.constantFrom(...MODES),
    ok: fc.boolean(),
    definitions: tokens,
    instructions: tokens,
    steps: fc.array(fc.record({ more: fc.integer({ min: 1, max: 3_000 }), output: tokens, toolMs: tokens }), {
      minLength: 1,
      maxLength: 8,
    }),
  })
  .map(({ definitions, instructions, steps, ...rest }): Point => {
    let input = definitions + instructions
    const turns = steps.map(({ more, output, toolMs }) => {
      input += more
      return { input, output, toolMs }
    })
    return pointOf({ ...rest, head: { definitions, instructions }, turns })
  })

/** Points as a run gives them: each task has one kind, and is played once in a mode at a number of tools. */
export const runs = fc.array(conversations, { minLength: 1, maxLength: 40 }).map((points) =>
  [...new Map(points.map((point) => [`${point.task} ${point.tools} ${point.mode}`, point])).values()].map(
    (point) => ({
      ...point,
      kind: TASK_KINDS[point.task.length - 3] ?? 'single',
    }),
  ),
)
