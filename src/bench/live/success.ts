import type { Task } from '../../config/tasks/schema.ts'
import { wrongState } from '../play/judge.ts'
import type { Stage } from '../stage.ts'
import { demandsOf, findMissing } from './said.ts'

const MAX_QUOTE = 160

/** False where neither the state nor the last words of a model show whether it solved the task: then any answer would do. */
export function isChecked(task: Task): boolean {
  return task.state.length > 0 || wordsOf(task).length > 0
}

/**
 * Why a task is not solved; undefined: it is. It is where every probe of the state finds what the task says, past the gateway, and the last
 * words of the model have the `mentions` of the task and all that `demandsOf` asks for: of an expected number or text itself, of a list each
 * entry, of an object each value, as far as the words of the task have it too. Which tools were used is nobody's concern.
 */
export async function judge(task: Task, stage: Stage, said: string): Promise<string | undefined> {
  const wrong = await wrongState(task, stage).catch(
    // What was played has cost something, and is told whatever becomes of the stage.
    (error: unknown) =>
      `the state could not be looked at: ${error instanceof Error ? error.message : String(error)}`,
  )
  if (wrong !== undefined) return wrong
  if (said.trim() === '') return 'the model said nothing in the end'
  const missing = findMissing(said, wordsOf(task))
  return missing === undefined ? undefined : `the last words lack ${quote(missing)}`
}

function wordsOf({ expected, say, mentions }: Task): readonly (string | number)[] {
  return [...demandsOf(expected, say), ...mentions]
}

function quote(text: string): string {
  return text.length > MAX_QUOTE ? `${text.slice(0, MAX_QUOTE)}…` : text
}
