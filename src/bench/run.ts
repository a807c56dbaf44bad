import type { Plan } from '../config/compile.ts'
import { TASK_SCHEMA, type Task } from '../config/tasks/schema.ts'
import type { Mode } from '../core/mode.ts'
import type { ToolSpec } from '../core/tool.ts'
import { toFillers } from './catalog/fillers.ts'
import { playTask, type PlayParts } from './play/play.ts'
import type { CatalogSize, Point } from './points.ts'
import type { OpenStage, Stage } from './stage.ts'
import type { World } from './worlds/world.ts'

/** What is played. */
export interface BenchSetting extends PlayParts {
  readonly worlds: readonly World[]
  /** Tools beside those of the worlds; as many of them, from the first on, as a size needs. */
  readonly source: readonly ToolSpec[]
  /** Numbers of tools, those of a task included. */
  readonly sizes: readonly number[]
  readonly modes: readonly Mode[]
  /** Where time is measured: how often each task is played; the median counts. */
  readonly repeats?: number
  /** Servers that are started for the tasks, instead of made-up ones. All their tools are in the catalog. */
  readonly live?: Plan
  readonly openStage: OpenStage
  /** Told before each world at each size. */
  readonly onProgress?: (progress: BenchProgress) => void
  readonly signal?: AbortSignal
}

/** How far a benchmark is. */
export interface BenchProgress {
  readonly tools: number
  readonly world: string
  readonly done: number
  readonly total: number
}

/** What came of it. */
export interface Played {
  readonly points: readonly Point[]
  readonly sizes: readonly CatalogSize[]
  readonly tasks: readonly Task[]
}

/** Plays all tasks in all modes at all sizes. @throws GatewayError where the source has too few tools */
export async function runBench(setting: BenchSetting): Promise<Played> {
  const { worlds, sizes, modes, openStage, source, live, signal } = setting
  const points: Point[] = []
  const found: CatalogSize[] = []
  const tasksOf = new Map(worlds.map((world) => [world, world.tasks.map((task) => TASK_SCHEMA.parse(task))]))
  const total = worlds.length * sizes.length
  let done = 0
  for (const tools of sizes) {
    const definitions: number[] = []
    let listed = tools
    for (const world of worlds) {
      signal?.throwIfAborted()
      setting.onProgress?.({ tools, world: world.name, done, total })
      const servers = world.open()
      const own = servers.reduce((sum, server) => sum + server.tools.length, 0)
      const taken = new Set(servers.map(({ name }) => name))
      const stage = await openStage({
        servers,
        fillers: toFillers(source, live === undefined ? tools - own : 0, taken),
        ...(live === undefined ? {} : { live }),
      })
      try {
        listed = stage.tools
        definitions.push(setting.meter.head(await stage.classic.show()).definitions)
        for (const task of tasksOf.get(world) ?? []) {
          for (const mode of modes) points.push(await playOften(task, mode, stage, setting))
        }
      } finally {
        await stage.close()
      }
      done += 1
    }
    found.push({ tools: listed, definitionTokens: Math.round(mean(definitions)) })
  }
  return { points, sizes: found, tasks: [...tasksOf.values()].flat() }
}

/** Tokens are the same each time; of the times the median counts. */
async function playOften(task: Task, mode: Mode, stage: Stage, setting: BenchSetting): Promise<Point> {
  const { clock, repeats = 1 } = setting
  const first = await playTask(task, mode, stage, setting)
  if (clock === undefined || repeats === 1) return first
  const again = [first]
  while (again.length < repeats) again.push(await playTask(task, mode, stage, setting))
  const turns = first.turns.map((turn, index) => {
    const times = again.flatMap(({ turns: each }) => each[index]?.toolMs ?? [])
    return times.length === 0 ? turn : { ...turn, toolMs: median(times) }
  })
  return { ...first, turns }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
