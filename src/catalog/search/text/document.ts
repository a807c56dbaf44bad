import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts'
import type { ToolSpec } from '../../../core/tool.ts'
import type { Tokenizer } from './tokenize.ts'

/** How much a field counts, and how strongly its length is held against it (0 to 1). */
export interface Field {
  readonly weight: number
  readonly lengthPenalty: number
}

/** Bounds for what is indexed of one tool, so that one server cannot make the index large. */
const MAX_PARAMETERS = 200
const MAX_OPTIONS = 30
const MAX_INDEXED_TEXT = 8000
const MAX_DEPTH = 2

/** A first sentence is at least this long: `e.g.` and `v1.` end none. */
const MIN_LEAD = 20

/** The fields of a tool, in the order of documentOf. The weights lie on a plateau: a third more or less changes no set by much. */
export const FIELDS: readonly Field[] = [
  { weight: 3, lengthPenalty: 0.75 }, // name
  { weight: 1, lengthPenalty: 0.3 }, // title
  { weight: 1, lengthPenalty: 0.5 }, // first sentence of the description
  { weight: 0.4, lengthPenalty: 0.5 }, // the rest of it
  { weight: 2.2, lengthPenalty: 0.75 }, // server
  { weight: 0.7, lengthPenalty: 0.75 }, // parameter names and enum values
  { weight: 0.5, lengthPenalty: 0.75 }, // parameter descriptions
]

/** The place of the name in FIELDS. */
export const NAME_FIELD = 0

/** The terms of a tool for each of FIELDS. */
export function documentOf(spec: ToolSpec, tokenize: Tokenizer): string[][] {
  const { names, descriptions } = parametersOf(spec.inputSchema)
  const { lead, rest } = splitDescription(spec.description ?? '')
  return [spec.ref.name, titleOf(spec), lead, rest, spec.ref.server, names, descriptions].map((text) =>
    tokenize(text.slice(0, MAX_INDEXED_TEXT)),
  )
}

/** What a tool is about, in a few terms: its name and the first sentence of its description. */
export function gistOf(spec: ToolSpec, tokenize: Tokenizer): string[] {
  return tokenize(`${spec.ref.name} ${splitDescription(spec.description ?? '').lead.slice(0, 1000)}`)
}

/** The texts of a tool as one, for an embedding. */
export function textOf(spec: ToolSpec): string {
  const { names } = parametersOf(spec.inputSchema)
  const parts = [`${spec.ref.server} ${spec.ref.name}`, titleOf(spec), spec.description ?? '', names]
  return parts.filter((part) => part !== '').join('\n')
}

function titleOf(spec: ToolSpec): string {
  const annotated = spec.annotations?.['title']
  return [spec.title, annotated].filter((text) => typeof text === 'string').join(' ')
}

/** The first sentence says what a tool does; what follows are conditions and examples. */
function splitDescription(text: string): { lead: string; rest: string } {
  const end = text.slice(MIN_LEAD).search(/[.!?](?:\s|$)|\n/)
  const at = end < 0 ? text.length : MIN_LEAD + end
  return { lead: text.slice(0, at), rest: text.slice(at) }
}

function parametersOf(schema: JsonObject): { names: string; descriptions: string } {
  const names: string[] = []
  const descriptions: string[] = []
  const visit = (properties: Json | undefined, depth: number): void => {
    if (!isJsonObject(properties)) return
    for (const [name, property] of Object.entries(properties)) {
      if (names.length >= MAX_PARAMETERS) return
      names.push(name)
      if (!isJsonObject(property)) continue
      if (typeof property['description'] === 'string')
        descriptions.push(property['description'].slice(0, 500))
      const options = property['enum']
      if (Array.isArray(options)) names.push(...options.slice(0, MAX_OPTIONS).map((option) => String(option)))
      const items = property['items']
      if (depth < MAX_DEPTH)
        visit(property['properties'] ?? (isJsonObject(items) ? items['properties'] : undefined), depth + 1)
    }
  }
  visit(schema['properties'], 0)
  return { names: names.join(' '), descriptions: descriptions.join(' ') }
}
