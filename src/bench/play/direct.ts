import type { Task } from '../../config/tasks/schema.ts'
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import type { Dialogue, Said } from './dialogue.ts'
import { evaluate, fill, toEntry, type Steps } from './expressions.ts'
import { PolicyFailure } from './policy-failure.ts'

/** So many calls one step may make. */
const MAX_CALLS = 200

/**
 * Plays the turns of a policy that calls tools one by one.
 *
 * @param say how a call of a tool is written at this endpoint
 * @param parallelCalls that the model makes in one turn, at the most; more of them take further turns
 * @returns the results
 * @throws PolicyFailure
 */
export async function playDirect(
  { direct }: Task,
  dialogue: Dialogue,
  say: (tool: string, args: JsonObject) => Said,
  parallelCalls: number,
): Promise<Steps> {
  const steps: Record<string, readonly Json[]> = {}
  for (const step of direct) {
    for (let turn = 0; turn === 0 || (step.while !== undefined && turn < step.most); turn++) {
      if (turn > 0 && step.while !== undefined && evaluate(step.while, { steps }) !== true) break
      const calls = step.calls.flatMap(({ tool, args, each }) =>
        entriesOf(each, steps).map((item) => say(tool, fill(args, { steps, item }))),
      )
      if (calls.length > MAX_CALLS) throw new PolicyFailure(`${step.as} makes ${calls.length} calls`)
      if (calls.length === 0) break
      for (let from = 0; from < calls.length; from += parallelCalls) {
        const answers = await dialogue.ask(calls.slice(from, from + parallelCalls))
        steps[step.as] = [...(steps[step.as] ?? []), ...answers.map(toEntry)]
      }
    }
  }
  return steps
}

/** One entry where there is no `each`. */
function entriesOf(each: string | undefined, steps: Steps): readonly Json[] {
  if (each === undefined) return [null]
  const entries = evaluate(each, { steps })
  if (!Array.isArray(entries))
    throw new PolicyFailure(`\`${each}\` gives ${isJsonObject(entries) ? 'an object' : 'no list'}`)
  return entries
}
