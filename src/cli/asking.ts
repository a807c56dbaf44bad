import type { CallClient } from '../core/client.ts'
import { GatewayError } from '../core/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts'
import { toPrintable } from './output/printable.ts'
import type { CliPorts } from './ports.ts'

/** The answer of a person to a form. Source: MCP 2025-11-25, client/elicitation, "Response Actions". */
type Answer =
  | { readonly action: 'accept'; readonly content: JsonObject }
  | { readonly action: 'decline' | 'cancel' }

/**
 * The person at the terminal as a client that can be asked by forms: for an approval, or for what a server wants to know. Undefined where
 * there is no terminal.
 */
export function createTerminalClient({ ask, stderr }: CliPorts): CallClient | undefined {
  if (ask === undefined) return undefined
  let last: Promise<unknown> = Promise.resolve()
  const answer = async (params: JsonObject): Promise<Answer> => {
    stderr.write(`\n${toPrintable(typeof params['message'] === 'string' ? params['message'] : '')}\n`)
    return fillIn(params['requestedSchema'], ask)
  }
  return {
    capabilities: { elicitation: { form: {} } },
    tell: () => {},
    async ask(requests) {
      const answers: Record<string, JsonObject> = {}
      for (const [key, { method, params }] of Object.entries(requests)) {
        if (method !== 'elicitation/create')
          throw new GatewayError('client_cannot', `A terminal cannot answer ${method.slice(0, 100)}.`)
        // One question after the other: calls of a script may ask at the same time.
        const mine = last.then(() => answer(params))
        last = mine.catch(() => undefined)
        answers[key] = { ...(await mine) }
      }
      return answers
    },
  }
}

async function fillIn(schema: Json | undefined, ask: NonNullable<CliPorts['ask']>): Promise<Answer> {
  const { properties, required } = isJsonObject(schema) ? schema : {}
  const content: Record<string, Json> = {}
  for (const [name, property] of Object.entries(isJsonObject(properties) ? properties : {})) {
    if (!isJsonObject(property)) continue
    const isRequired = Array.isArray(required) && required.includes(name)
    const given = await askOne(name, property, ask)
    if (given !== undefined) content[name] = given
    else if (isRequired) return { action: 'cancel' }
  }
  return { action: 'accept', content }
}

/** What was given for one field; undefined where nothing was. */
async function askOne(
  name: string,
  property: JsonObject,
  ask: NonNullable<CliPorts['ask']>,
): Promise<Json | undefined> {
  const { title, type, enum: choices } = property
  const label = toPrintable(typeof title === 'string' ? title : name)
  if (Array.isArray(choices)) {
    const lines = choices.map((choice, index) => `  ${index + 1}  ${toPrintable(String(choice))}\n`)
    const picked = await ask(`${label}\n${lines.join('')}Number (empty: no answer): `)
    return choices[Number(picked) - 1] as Json | undefined
  }
  const text = await ask(`${label}${type === 'boolean' ? ' (yes or no)' : ''}: `)
  if (text === '') return undefined
  if (type === 'boolean') return /^y(?:es)?$/i.test(text)
  if (type === 'number' || type === 'integer') return Number.isFinite(Number(text)) ? Number(text) : undefined
  return text
}
