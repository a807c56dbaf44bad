import type { Plan } from '../config/compile.ts'
import { TASK_SCHEMA, type Task } from '../config/tasks/schema.ts'
import type { Mode } from '../core/mode.ts'
import type { ToolSpec } from '../core/tool.ts'
import { toFillers } from './catalog/fillers.ts'
import { serversOf } from './demand-servers.ts'
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
  /** Told before each task at each size. */
  readonly onProgress?: (progress: BenchProgress) => void
  /** Ends it after the play that is going on; what was played by then is the result. */
  readonly signal?: AbortSignal
}

/** How far a benchmark is, counted in tasks. */
export interface BenchProgress {
  readonly tools: number
  readonly world: string
  readonly task: string
  readonly done: number
  readonly total: number
}

/** What came of it. */
export interface Played {
  readonly points: readonly Point[]
  readonly sizes: readonly CatalogSize[]
  readonly tasks: readonly Task[]
}

/**
 * Plays all tasks in all modes at all sizes.
 *
 * @throws GatewayError where the source has too few tools or a server that the tasks need is down; the reason of the signal where nothing
 *   was played before it
 */
export async function runBench(setting: BenchSetting): Promise<Played> {
  const { worlds, sizes, modes, signal } = setting
  const isOver = (): boolean => signal?.aborted === true
  const points: Point[] = []
  const found: CatalogSize[] = []
  const parsed = worlds.map((world) => ({ world, tasks: world.tasks.map((task) => TASK_SCHEMA.parse(task)) }))
  const all = parsed.flatMap(({ tasks }) => tasks)
  const total = all.length * sizes.length
  let done = 0
  for (const tools of sizes) {
    if (isOver()) break
    const definitions: number[] = []
    let listed = tools
    for (const { world, tasks } of parsed) {
      if (isOver()) break
      let stages: Stages | undefined
      try {
        stages = await openStages(world, tasks, tools, setting)
        listed = stages.tools
        definitions.push(stages.definitions)
        for (const task of tasks) {
          if (isOver()) break
          setting.onProgress?.({ tools: listed, world: world.name, task: task.name, done, total })
          for (const mode of modes) {
            if (isOver()) break
            const point = await playOften(task, mode, stages, setting)
            // What fails after the end was asked for may have failed by that: servers of a person hear it too.
            if (point.ok || !isOver()) points.push(point)
          }
          done += 1
        }
      } catch (error) {
        if (!isOver()) throw error
      } finally {
        await stages?.close()
      }
    }
    if (definitions.length > 0) found.push({ tools: listed, definitionTokens: Math.round(mean(definitions)) })
  }
  if (points.length === 0) signal?.throwIfAborted()
  return { points, sizes: found, tasks: all }
}

/** Where the tasks of a world are played. */
interface Stages {
  readonly tools: number
  /** Tokens of all definitions. */
  readonly definitions: number
  /** Plays once. */
  readonly use: <T>(play: (stage: Stage) => Promise<T>) => Promise<T>
  readonly close: () => Promise<void>
}

/**
 * One stage for all plays where its servers can be put back to their beginning. Servers of a person cannot: they are started anew for each
 * play, and what they keep in their own process is gone.
 */
async function openStages(
  world: World,
  tasks: readonly Task[],
  tools: number,
  { openStage, source, live, meter }: BenchSetting,
): Promise<Stages> {
  const servers = world.open()
  const own = servers.reduce((sum, server) => sum + server.tools.length, 0)
  const taken = new Set(servers.map(({ name }) => name))
  const open = (): Promise<Stage> =>
    openStage({
      servers,
      fillers: toFillers(source, live === undefined ? tools - own : 0, taken),
      ...(live === undefined ? {} : { live, needed: serversOf(tasks) }),
    })
  const first = await open()
  try {
    const { definitions } = meter.head(await first.classic.show())
    if (live === undefined)
      return { tools: first.tools, definitions, use: (play) => play(first), close: first.close }
    await first.close()
    return {
      tools: first.tools,
      definitions,
      use: (play) => useOnce(open, play),
      close: () => Promise.resolve(),
    }
  } catch (error) {
    await first.close()
    throw error
  }
}

async function useOnce<T>(open: () => Promise<Stage>, play: (stage: Stage) => Promise<T>): Promise<T> {
  const stage = await open()
  try {
    return await play(stage)
  } finally {
    await stage.close()
  }
}

/** Tokens are the same each time; of the times the median counts. One play that fails is a task that fails. */
async function playOften(task: Task, mode: Mode, stages: Stages, setting: BenchSetting): Promise<Point> {
  const { clock, repeats = 1, signal } = setting
  const play = (): Promise<Point> => stages.use((stage) => playTask(task, mode, stage, setting))
  const solved: Point[] = []
  let point = await play()
  let left = clock === undefined ? 1 : repeats
  for (;;) {
    if (point.ok) solved.push(point)
    left -= 1
    if (!point.ok || left <= 0 || signal?.aborted === true) break
    point = await play()
  }
  const told = point.ok ? (solved[0] ?? point) : point
  // The time until an error says nothing about that of an answer.
  const turns = told.turns.map(({ input, output }, index) => {
    const measured = solved.flatMap(({ turns: each }) => each[index]?.toolMs ?? [])
    return { input, output, ...(measured.length === 0 ? {} : { toolMs: median(measured) }) }
  })
  return { ...told, turns }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
