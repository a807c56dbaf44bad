import type { Parameter } from '../schema/parameter.ts'
import { phrasesFor } from './phrases.ts'
import { say, type Scene, type ToolPlan } from './scene.ts'
import { roughTokens } from './sizes.ts'
import { spellParameter } from './style.ts'

/** How a description begins: not at all, with a few words, with a sentence. */
export type Lead = 'none' | 'terse' | 'full'

/** From so many tokens on, what is to be known stands in a list. */
const LIST_TOKENS = 140

/** The description of a tool, of about so many tokens. Without one, its parameters may have to say more. */
export function describeTool(
  plan: ToolPlan,
  parameters: readonly Parameter[],
  described: Set<Parameter>,
  lead: Lead,
  tokens: number,
): string | undefined {
  if (lead === 'none') return undefined
  const { action, scene, notes, style } = plan
  const { random } = scene
  const half = Math.ceil(action.leads.length / 2)
  const leads = lead === 'terse' ? action.leads.slice(0, half) : action.leads.slice(half)
  const first = say(scene, random.pick(leads.length > 0 ? leads : action.leads))
  let left = tokens - roughTokens(first) - 4
  const take = (texts: Iterable<string>): string[] => {
    const taken: string[] = []
    for (const text of texts) {
      const cost = roughTokens(text) + 1
      // Half of the last one is too much as often as it is too little.
      if (left < cost / 2) break
      taken.push(text)
      left -= cost
    }
    return taken
  }
  const isListed = left > LIST_TOKENS
  const docs = style.schema === 'python' ? take(docLines(plan, parameters, described)) : []
  const own = random.shuffle(notes).slice(0, random.below(isListed ? 4 : 2))
  const phrases = [...own, ...random.shuffle(phrasesFor(action.effect))]
  const sentences = take(phrases.values().map((text) => say(scene, text)))
  const examples = take(drawExamples(scene, parameters, plan))
  const head = /[.?]$/.test(first) || sentences.length === 0 || isListed ? first : `${first}.`
  const listed = `${head}\n\nUsage notes:\n${sentences.map((text) => `- ${text}`).join('\n')}`
  const body = isListed && sentences.length > 0 ? listed : [head, ...sentences].join(' ')
  return [body, ...(docs.length > 0 ? [`Args:\n${docs.join('\n')}`] : []), ...examples].join('\n\n')
}

/** What a Python function says of its arguments, where the schema does not. */
function docLines(
  { style }: ToolPlan,
  parameters: readonly Parameter[],
  described: Set<Parameter>,
): readonly string[] {
  return parameters
    .filter((parameter) => !described.has(parameter))
    .map((parameter) => `    ${spellParameter(parameter.name, style)}: ${parameter.says}`)
}

/** Calls as an example, as many as one likes: long descriptions end with them. */
function* drawExamples(
  scene: Scene,
  parameters: readonly Parameter[],
  { style }: ToolPlan,
): Generator<string> {
  const { random, resource } = scene
  for (let number = 1; number <= 20; number++) {
    const some = random.shuffle(parameters).slice(0, 1 + random.below(3))
    const args = Object.fromEntries(
      some.map((parameter) => [
        spellParameter(parameter.name, style),
        exampleOf(parameter, resource.noun, number),
      ]),
    )
    const opening = say(scene, random.pick(OPENINGS))
    yield `Example ${number}: ${opening}\n${JSON.stringify(args)}`
  }
}

const OPENINGS: readonly string[] = [
  'a single {noun}, with what is usual',
  'the {nouns} of which only {fields} matter',
  'when {a_other} is known already',
  'for a report on {fields}',
  'as the first step before {others} are looked at',
  'the same again, with another {field}',
]

function exampleOf({ schema, fallback }: Parameter, noun: string, number: number): string | number | boolean {
  const { type, enum: choices } = schema
  if (typeof fallback === 'boolean' || type === 'boolean') return number % 2 === 0
  if (Array.isArray(choices)) return String(choices[number % choices.length])
  return type === 'number' || type === 'integer' ? number * 5 : `${noun}-${number * 37}`
}
