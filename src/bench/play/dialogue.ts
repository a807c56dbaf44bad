import type { JsonObject } from '../../core/json.ts'
import type { Clock } from '../../core/ports.ts'
import type { Head, Turn } from '../points.ts'
import type { Answer, StageClient } from '../stage.ts'
import { MESSAGE_TOKENS, type Meter } from './meter.ts'

/** A call as a model writes it. */
export interface Said {
  readonly name: string
  readonly args: JsonObject
}

/** A conversation of a model with an endpoint: every turn is one whole request, as a provider bills it. */
export interface Dialogue {
  /** The model makes calls, all of them at once, and is given the results. */
  readonly ask: (calls: readonly Said[]) => Promise<readonly Answer[]>
  /** The last words. */
  readonly say: (text: string) => void
  readonly turns: () => readonly Turn[]
}

/** @param clock Absent: no time is measured, and what is told is the same every time. */
export function createDialogue(
  client: StageClient,
  meter: Meter,
  head: Head,
  goal: string,
  clock?: Clock,
): Dialogue {
  const turns: Turn[] = []
  let input = head.definitions + head.instructions + meter.text(goal) + MESSAGE_TOKENS
  return {
    async ask(calls) {
      const output = calls.reduce((sum, { name, args }) => sum + meter.call(name, args), 0)
      const startMs = clock?.monotonicMs() ?? 0
      const answers = await Promise.all(calls.map(({ name, args }) => client.call(name, args)))
      turns.push({
        input,
        output,
        ...(clock === undefined ? {} : { toolMs: clock.monotonicMs() - startMs }),
      })
      input += output + MESSAGE_TOKENS
      for (const { text } of answers) input += meter.text(text) + MESSAGE_TOKENS
      return answers
    },
    say(text) {
      turns.push({ input, output: meter.text(text) })
    },
    turns: () => turns,
  }
}
