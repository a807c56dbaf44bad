import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import type { ToolSpec } from '../../core/tool.ts'

/** Longer texts are left as they are, and so are those with longer lines: the work stays small. */
const MAX_READ = 20_000
const MAX_LINE = 2_000

const HEADING = /^(?:args|arguments|parameters|params):$/i
const SECTION = /^(?:returns?|raises|yields?|examples?|notes?)$/i
const ENTRY = /^(?:[-*] ?)?[`"']?([\w.-]+)[`"']?(?: ?\([^()]*\))? ?: ?(\S.*)$/

/**
 * Moves what a docstring says of parameters to the parameters. Servers in Python often have the whole docstring as the
 * description of the tool, with a section `Args:`, and no descriptions in the schema; on one line that section would be a
 * riddle. A parameter that has a description of its own keeps it, and its line stays in the text.
 */
export function spreadDocstring(spec: ToolSpec): ToolSpec {
  const { description, inputSchema } = spec
  const properties = inputSchema['properties']
  if (description === undefined || description.length > MAX_READ || !isJsonObject(properties)) return spec
  const lines = description.split('\n').map((line) => line.trimEnd())
  const heading = lines.findIndex((line) => HEADING.test(line.trimStart().slice(0, 20)))
  if (heading < 0 || lines.some((line) => line.length > MAX_LINE)) return spec
  const { docs, rest, end } = readEntries(lines, heading + 1, (name) => lacksDescription(properties, name))
  if (docs.size === 0) return spec
  const described = new Map<string, Json | undefined>(Object.entries(properties))
  for (const [name, text] of docs)
    described.set(name, { ...(properties[name] as JsonObject), description: text })
  const kept = rest.length === 0 ? [] : [lines[heading] ?? '', ...rest]
  return {
    ...spec,
    description: [...lines.slice(0, heading), ...kept, ...lines.slice(end)].join('\n'),
    inputSchema: { ...inputSchema, properties: Object.fromEntries(described) },
  }
}

interface Entries {
  readonly docs: ReadonlyMap<string, string>
  /** Lines of the section that belong to no parameter that takes them. */
  readonly rest: readonly string[]
  /** The first line after the section. */
  readonly end: number
}

function readEntries(lines: readonly string[], from: number, isWanted: (name: string) => boolean): Entries {
  const docs = new Map<string, string>()
  const rest: string[] = []
  let indent = -1
  let current: string | undefined
  let at = from
  for (; at < lines.length; at++) {
    const line = lines[at] ?? ''
    const text = line.trimStart()
    if (text === '') continue
    const depth = line.length - text.length
    if (indent < 0) indent = depth
    if (depth < indent) break
    if (depth > indent) {
      if (current === undefined) rest.push(line)
      else docs.set(current, `${docs.get(current) ?? ''} ${text}`)
      continue
    }
    const [, name = '', said = ''] = ENTRY.exec(text) ?? []
    // The next heading may be as deep as the entries are.
    if (name === '' || SECTION.test(name)) break
    current = isWanted(name) && !docs.has(name) ? name : undefined
    if (current === undefined) rest.push(line)
    else docs.set(current, said)
  }
  return { docs, rest, end: at }
}

function lacksDescription(properties: JsonObject, name: string): boolean {
  if (!Object.hasOwn(properties, name)) return false
  const schema = properties[name]
  return isJsonObject(schema) && (schema['description'] === undefined || schema['description'] === '')
}
