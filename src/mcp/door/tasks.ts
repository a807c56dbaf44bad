import { isJsonObject, type JsonObject } from '../../core/json.ts'
import type { Principal } from '../../core/principal.ts'
import type { ToolRef } from '../../core/tool.ts'

/** The most tasks that are remembered; the oldest are forgotten first. */
const MAX_TASKS = 10_000

/** Which tool each task was begun by, so that requests about it find their server. Source: MCP extension "Tasks". */
export interface Tasks {
  /** Remembers the task of a result, where it has one. */
  readonly remember: (reply: JsonObject, tool: ToolRef, principal: Principal) => void
  /** The tool whose call began a task; undefined for a task that is not the principal's, as for one that is not there. */
  readonly toolOf: (taskId: string, principal: Principal) => ToolRef | undefined
}

/** Begins with no tasks. They are kept in memory: after a restart they are unknown. */
export function createTasks(): Tasks {
  const tools = new Map<string, ToolRef>()
  const keyOf = (taskId: string, principal: Principal): string => JSON.stringify([principal.id, taskId])
  return {
    remember(reply, tool, principal) {
      const { taskId = isJsonObject(reply['task']) ? reply['task']['taskId'] : undefined } = reply
      if (typeof taskId !== 'string') return
      tools.set(keyOf(taskId, principal), tool)
      const [oldest] = tools.keys()
      if (tools.size > MAX_TASKS && oldest !== undefined) tools.delete(oldest)
    },
    toolOf: (taskId, principal) => tools.get(keyOf(taskId, principal)),
  }
}
