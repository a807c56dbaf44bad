import { randomUUID } from 'node:crypto'

import type { JsonObject } from '../src/core/json.ts'
import type { Principal } from '../src/core/principal.ts'
import type { Gateway } from '../src/gateway/gateway.ts'
import { textOf } from './result-text.ts'
import type { Turn } from './turns.ts'

/** A call as a classic client makes it: one tool, by its exposed name. */
export interface ClassicCall {
  readonly name: string
  readonly args: JsonObject
}

/**
 * Makes the same calls the classic way, for real: the model asks for the calls of a round in one turn, and every result
 * goes through its context.
 */
export async function runClassic(
  gateway: Gateway,
  principal: Principal,
  question: string,
  rounds: readonly (readonly ClassicCall[])[],
): Promise<Turn[]> {
  const turns: Turn[] = [{ adds: [question] }]
  for (const round of rounds) {
    const texts = await Promise.all(round.map((call) => callOnce(gateway, principal, call)))
    turns.push({ adds: texts.flat() })
  }
  return turns
}

async function callOnce(
  gateway: Gateway,
  principal: Principal,
  { name, args }: ClassicCall,
): Promise<string[]> {
  const spec = gateway.snapshot().catalog.resolve(name)
  if (spec === undefined) throw new Error(`${name} is not there`)
  const { signal } = new AbortController()
  const result = await gateway.handler({
    id: randomUUID(),
    door: 'cli',
    principal,
    tool: spec.ref,
    args,
    signal,
  })
  if (result.isError === true) throw new Error(`${name}: ${JSON.stringify(result.content)}`)
  // One form only, as a careful client would: the text, not the structured copy beside it.
  return [name, JSON.stringify(args), textOf(result)]
}
