import type { JsonObject } from '../../../core/json.ts'
import type { ToolSpec } from '../../../core/tool.ts'
import type { Action } from '../actions/action.ts'
import { draftOutput } from '../schema/output.ts'
import { type Parameter, printObject, printParameter } from '../schema/parameter.ts'
import { draftPart } from '../schema/parts.ts'
import { describeTool, type Lead } from './descriptions.ts'
import type { ToolPlan } from './scene.ts'
import { roughTokens } from './sizes.ts'
import { spellParameter, type Style, toTitle } from './style.ts'

/** From here on, parameters are described at length. */
const WORDY_TOKENS = 130

/** Very short definitions have no description now and then. */
const TERSE_TOKENS = 60
const SILENT_TOKENS = 110
const SILENT_SHARE = 0.11

/** Many short ones take nothing at all, where their action can do without. */
const BARE_TOKENS = 120
const BARE_SHARE = 0.4

/** A real definition of so many tokens has about so many parameters. */
const PARAMETERS_PER_SIZE = 0.048
const PARAMETERS_POWER = 0.85

/** Makes a tool whose definition has about so many tokens. */
export function makeTool(plan: ToolPlan, tokens: number): ToolSpec {
  const { server, name, action, scene, style } = plan
  const { random } = scene
  const isSilent = tokens < SILENT_TOKENS && random.chance(SILENT_SHARE)
  const lead: Lead = isSilent ? 'none' : tokens < TERSE_TOKENS || random.chance(0.3) ? 'terse' : 'full'
  const described = new Set<Parameter>()
  const chosen = chooseParameters(plan, tokens, described)
  const printSchema = (): JsonObject => printInput(name, chosen, style, described)
  const rest = tokens - costOf({ name, inputSchema: printSchema() })
  const description = describeTool(plan, chosen, described, lead, rest)
  const inputSchema = printSchema()
  const outputSchema = random.chance(style.declared) ? draftOutput(action, scene, style) : undefined
  const known = {
    ...(style.isAnnotated && random.chance(0.25) ? { title: toTitle(name.replaceAll('-', '_')) } : {}),
    ...(description === undefined ? {} : { description }),
    inputSchema,
    ...(outputSchema === undefined ? {} : { outputSchema }),
    ...(style.isAnnotated ? { annotations: annotate(action) } : {}),
  }
  return Object.freeze({ ref: Object.freeze({ server, name }), ...known, definition: { name, ...known } })
}

function costOf(value: JsonObject): number {
  return roughTokens(JSON.stringify(value))
}

function chooseParameters(plan: ToolPlan, tokens: number, described: Set<Parameter>): readonly Parameter[] {
  const { action, scene, style, name } = plan
  const { random } = scene
  const noise = Math.exp((random.next() + random.next() + random.next() - 1.5) * 1.1)
  const isBare = tokens < BARE_TOKENS && random.chance(BARE_SHARE)
  const wanted = isBare ? 0 : Math.round(PARAMETERS_PER_SIZE * tokens ** PARAMETERS_POWER * noise)
  const draft = (isRequired: boolean) => (part: Action['needs'][number]) =>
    draftPart(part, { ...scene, isWordy: tokens > WORDY_TOKENS }, style, isRequired)
  const needed = action.needs.flatMap(draft(true))
  const offered = [...random.shuffle(action.takes), 'context' as const].flatMap(draft(false))
  const chosen = new Map<string, Parameter>()
  // Some of it is for the description.
  let left = tokens * 0.9 - costOf({ name, inputSchema: printInput(name, [], style, described) }) - 6
  const add = (parameter: Parameter): void => {
    if (random.chance(style.described)) described.add(parameter)
    chosen.set(parameter.name, parameter)
    left -= costOf({ [parameter.name]: printParameter(parameter, style, described.has(parameter)) })
  }
  for (const parameter of needed) add(parameter)
  for (const parameter of offered) {
    if (chosen.size >= wanted) break
    const cost = costOf({ [parameter.name]: printParameter(parameter, style, true) })
    if (!chosen.has(parameter.name) && cost <= left) add(parameter)
  }
  return [...chosen.values()]
}

function printInput(
  name: string,
  parameters: readonly Parameter[],
  style: Style,
  described: ReadonlySet<Parameter>,
): JsonObject {
  const schema = printObject(parameters, style, (parameter) => described.has(parameter))
  if (style.schema === 'hand') return schema
  if (style.schema === 'python') return { ...schema, title: `${spellParameter(name, style)}Arguments` }
  return { ...schema, additionalProperties: false, $schema: 'http://json-schema.org/draft-07/schema#' }
}

function annotate({ effect, names }: Action): JsonObject {
  const isReading = effect === 'read'
  if (isReading) return { readOnlyHint: true, openWorldHint: false }
  return {
    readOnlyHint: false,
    destructiveHint: effect === 'destroy',
    idempotentHint: !/create|add/.test(names[0] ?? ''),
  }
}
