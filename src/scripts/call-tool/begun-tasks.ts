import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import type { Principal } from '../../core/principal.ts'
import type { ToolRef } from '../../core/tool.ts'

/** The most tasks that are remembered; the oldest are forgotten first. */
const MAX_TASKS = 10_000

/** The tools behind tasks that `call_tool` began: a door knows only that it was `call_tool`. */
export interface BegunTasks {
  /** Remembers the task of a reply, where it has one. */
  readonly remember: (principal: Principal, reply: JsonObject | undefined, tool: ToolRef) => void
  readonly toolOf: (principal: Principal, taskId: Json | undefined) => ToolRef | undefined
}

/** Begins with no tasks. */
export function createBegunTasks(): BegunTasks {
  const tools = new Map<string, ToolRef>()
  const keyOf = (principal: Principal, taskId: string): string => JSON.stringify([principal.id, taskId])
  return {
    remember(principal, reply, tool) {
      const { task } = reply ?? {}
      const taskId = reply?.['taskId'] ?? (isJsonObject(task) ? task['taskId'] : undefined)
      if (typeof taskId !== 'string') return
      tools.set(keyOf(principal, taskId), tool)
      const [oldest] = tools.keys()
      if (tools.size > MAX_TASKS && oldest !== undefined) tools.delete(oldest)
    },
    toolOf: (principal, taskId) =>
      typeof taskId === 'string' ? tools.get(keyOf(principal, taskId)) : undefined,
  }
}
