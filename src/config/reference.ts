import type { Json, JsonObject } from '../core/json.ts'
import { isJsonObject } from '../core/json.ts'
import { toJsonSchema } from './json-schema.ts'

const BEGIN = '<!-- reference: made from src/config/schema.ts by renderReference; do not edit -->'
const END = '<!-- end of reference -->'

/** Renders the reference of all keys as Markdown, from the descriptions of the schema. */
function renderReference(schema: JsonObject = toJsonSchema()): string {
  const sections: string[] = []
  renderSection(schema, '', sections)
  return sections.join('\n\n')
}

/** Puts the current reference between its marks in a text of documentation. */
export function withReference(text: string): string {
  const begin = text.indexOf(BEGIN)
  const end = text.indexOf(END)
  if (begin === -1 || end < begin) return `${text.trimEnd()}\n\n${BEGIN}\n\n${renderReference()}\n\n${END}\n`
  return `${text.slice(0, begin)}${BEGIN}\n\n${renderReference()}\n\n${text.slice(end)}`
}

function renderSection(schema: JsonObject, path: string, sections: string[]): void {
  const properties = membersOf(schema)
  if (properties.length === 0) return
  const title = path === '' ? 'Top level' : `\`${path}\``
  const intro =
    path === '' || schema['description'] === undefined ? '' : `\n\n${textOf(schema['description'])}`
  const rows = properties.map(([key, member]) => [
    `\`${key}\``,
    typeOf(member),
    defaultOf(member),
    textOf(member['description']),
  ])
  sections.push(`### ${title}${intro}\n\n${renderTable(['key', 'type', 'default', 'meaning'], rows)}`)
  for (const [key, member] of properties) {
    // `mcpServers` is `servers` by another name: one table is enough.
    if (path === '' && key === 'mcpServers') continue
    const inner = path === '' ? key : `${path}.${key}`
    renderSection(member, inner, sections)
    const values = member['additionalProperties']
    if (isJsonObject(values)) renderSection(values, `${inner}.<name>`, sections)
  }
}

/** Aligned as the formatter of the repository aligns it, so that the two never disagree. */
function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')))
  const widths = head.map((_, column) => Math.max(3, ...table.map((row) => row[column]?.length ?? 0)))
  const toLine = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  const [first = [], ...others] = table
  return [toLine(first), toLine(widths.map((width) => '-'.repeat(width))), ...others.map(toLine)].join('\n')
}

function membersOf(schema: JsonObject): readonly (readonly [string, JsonObject])[] {
  const properties = schema['properties']
  if (!isJsonObject(properties)) return []
  return Object.entries(properties).flatMap(([key, member]) =>
    isJsonObject(member) ? [[key, member] as const] : [],
  )
}

function typeOf(schema: JsonObject): string {
  const choices = schema['enum']
  if (Array.isArray(choices)) return choices.map((choice) => `\`${String(choice)}\``).join(', ')
  switch (schema['type']) {
    case 'integer':
      return `whole number, ${textOf(schema['minimum'])} to ${textOf(schema['maximum'])}`
    case 'boolean':
      return 'true or false'
    case 'array':
      return 'list of texts'
    case 'object':
      return isJsonObject(schema['additionalProperties']) ? 'mapping by name' : 'mapping'
    default:
      return 'text'
  }
}

function defaultOf(schema: JsonObject): string {
  const value = schema['default']
  return value === undefined || isJsonObject(value) ? '' : `\`${JSON.stringify(value)}\``
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
