import type { Json } from '../../core/json.ts'
import type { Shown } from '../stage.ts'
import type { Head } from '../points.ts'

/**
 * Tokens of a message besides its text: who speaks, where it begins and ends. What providers add is not published to the token; OpenAI's
 * guide to counting tokens of chat messages gives three to four.
 */
export const MESSAGE_TOKENS = 4

/** Counts what is sent to a model. */
export interface Meter {
  readonly text: (text: string) => number
  /** A call as the model writes it. */
  readonly call: (name: string, args: Json) => number
  /** What is sent before the first word of the person. */
  readonly head: (shown: Shown) => Head
}

/**
 * Makes a meter. A request is counted in parts, each definition and each message by itself: a definition costs the same in every
 * request, and the cut between two parts moves the sum by less than a token.
 *
 * @param count tokens of a text
 */
export function createMeter(count: (text: string) => number): Meter {
  const known = new Map<string, number>()
  const heads = new WeakMap<Shown, Head>()
  // Only what comes again and again: definitions.
  const once = (text: string): number => {
    let tokens = known.get(text)
    if (tokens === undefined) known.set(text, (tokens = count(text)))
    return tokens
  }
  return {
    text: count,
    call: (name, args) => count(JSON.stringify({ name, arguments: args })),
    head(shown) {
      let head = heads.get(shown)
      if (head === undefined) {
        const { tools, instructions } = shown
        // What clients hand on to a model: name, description and schema of the arguments. The comma between two is one token.
        const definitions = tools.reduce(
          (sum, { name, description, inputSchema }) =>
            sum + once(JSON.stringify({ name, description, inputSchema })) + 1,
          0,
        )
        head = {
          definitions,
          instructions: instructions === '' ? 0 : count(instructions) + MESSAGE_TOKENS,
        }
        heads.set(shown, head)
      }
      return head
    },
  }
}
