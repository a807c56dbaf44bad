import type { Task } from '../../config/tasks/schema.ts'
import { evaluate, toEntry } from '../play/expressions.ts'
import type { Stage } from '../stage.ts'
import { demandsOf, findMissing } from './said.ts'

const MAX_QUOTE = 160

/** False where neither the state nor the last words of a model show whether it solved the task: then any answer would do. */
export function isChecked({ state, expected, say }: Task): boolean {
  return state.length > 0 || demandsOf(expected, say).length > 0
}

/**
 * Why a task is not solved; undefined: it is. It is where every probe of the state finds what the task says, past the gateway, and the last
 * words of the model have all that `demandsOf` asks for: of an expected number or text itself, of a list each entry, of an object each value,
 * as far as the words of the task have it too. Which tools were used is nobody's concern.
 */
export async function judge(task: Task, stage: Stage, said: string): Promise<string | undefined> {
  for (const { tool, args, expect } of task.state) {
    try {
      const result = toEntry(await stage.probe(tool, args))
      if (evaluate(expect, { result }) !== true)
        return `afterwards ${tool} gives ${quote(JSON.stringify(result))}: not ${expect}`
    } catch (error) {
      return `afterwards ${tool}: ${error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error)}`
    }
  }
  if (said.trim() === '') return 'the model said nothing in the end'
  const missing = findMissing(said, demandsOf(task.expected, task.say))
  return missing === undefined ? undefined : `the last words lack ${quote(missing)}`
}

function quote(text: string): string {
  return text.length > MAX_QUOTE ? `${text.slice(0, MAX_QUOTE)}…` : text
}
