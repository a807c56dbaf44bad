import type { Plan } from '../../config/compile.ts'
import { TASK_SCHEMA, type Task } from '../../config/tasks/schema.ts'
import type { ToolSpec } from '../../core/tool.ts'
import { toFillers } from '../catalog/fillers.ts'
import { serversOf } from '../demand-servers.ts'
import type { OpenStage, Stage } from '../stage.ts'
import type { World } from '../worlds/world.ts'

export interface LiveStagesSetting {
  readonly worlds: readonly World[]
  /** Tools beside those of a world; as many of them, from the first on, as are missing in `tools`. */
  readonly source: readonly ToolSpec[]
  /** Number of tools, those of the world included. */
  readonly tools: number
  /** Servers that are started for the tasks, instead of made-up ones. */
  readonly live?: Plan
  readonly openStage: OpenStage
}

/** The tasks of some worlds, each with a stage for it. */
export interface LiveStages {
  readonly tasks: readonly Task[]
  /** The stage for one play of one of `tasks`. That of another world is closed before. @throws GatewayError where the source has too few tools */
  readonly stageOf: (task: Task) => Promise<Stage>
  readonly close: () => Promise<void>
}

/** Opens the stages of worlds when they are needed, one at a time: a gateway with thousands of tools is large. */
export function createLiveStages({ worlds, source, tools, live, openStage }: LiveStagesSetting): LiveStages {
  const worldOf = new Map(
    worlds.flatMap((world) => world.tasks.map((task) => [TASK_SCHEMA.parse(task), world] as const)),
  )
  const needed = serversOf([...worldOf.keys()])
  let open: { readonly world: World | undefined; readonly stage: Stage } | undefined

  const close = async (): Promise<void> => {
    const last = open
    open = undefined
    await last?.stage.close()
  }

  return {
    tasks: [...worldOf.keys()],
    async stageOf(task) {
      const world = worldOf.get(task)
      // The state of servers of a person can only be put back by starting them anew.
      if (live === undefined && open !== undefined && open.world === world) return open.stage
      await close()
      const servers = world?.open() ?? []
      const own = servers.reduce((sum, server) => sum + server.tools.length, 0)
      const stage = await openStage({
        servers,
        fillers: toFillers(
          source,
          live === undefined ? tools - own : 0,
          new Set(servers.map(({ name }) => name)),
        ),
        ...(live === undefined ? {} : { live, needed }),
      })
      open = { world, stage }
      return stage
    },
    close,
  }
}
