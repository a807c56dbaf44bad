import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'

/** One request that a client sends to a model: what it holds beyond the requests before it. */
export interface Turn {
  readonly adds: readonly string[]
}

/** Input tokens of a conversation. */
export interface Cost {
  readonly turns: number
  /** Tool definitions and instructions: sent with every turn. */
  readonly fixed: number
  /** All input tokens of all turns: each turn sends the fixed part and the whole history again. */
  readonly input: number
}

/** Counts what a conversation costs in input tokens (o200k_base), without prompt caching. */
export function costOf(fixedText: string, turns: readonly Turn[]): Cost {
  const fixed = countTokens(fixedText)
  let history = 0
  let input = 0
  for (const { adds } of turns) {
    for (const text of adds) history += countTokens(text)
    input += fixed + history
  }
  return { turns: turns.length, fixed, input }
}
