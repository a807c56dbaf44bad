import type { Task } from '../../config/tasks/schema.ts'
import type { Json } from '../../core/json.ts'
import type { ShownMode } from '../../core/mode.ts'
import type { Shown, Stage } from '../stage.ts'
import { evaluate, toEntry } from './expressions.ts'

/** @returns what is wrong with the state that the task has left */
export async function wrongState(task: Task, stage: Stage): Promise<string | undefined> {
  for (const { tool, args, expect } of task.state) {
    const answer = await stage.probe(tool, args)
    try {
      const result = toEntry(answer)
      if (evaluate(expect, { result }) !== true)
        return `afterwards ${tool} gives ${brief(result)}: not ${expect}`
    } catch (error) {
      return `afterwards ${tool}: ${error instanceof Error ? error.message.split('\n', 1)[0] : String(error)}`
    }
  }
  return undefined
}

/** Which mode an endpoint is in: a model knows it by the tools that it is shown. */
export function modeOf({ tools }: Shown): ShownMode {
  const names = new Set(tools.map(({ name }) => name))
  return names.has('run_script') ? 'code' : names.has('call_tool') ? 'search' : 'classic'
}

/** A value as JSON, cut where it is long. */
export function brief(value: Json): string {
  const text = JSON.stringify(value)
  return text.length > 160 ? `${text.slice(0, 160)}…` : text
}
