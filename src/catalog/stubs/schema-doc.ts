import type { Json, JsonObject } from '../../core/json.ts'

const NUMBER_LIMITS: readonly (readonly [keyword: string, sign: string])[] = [
  ['minimum', '>='],
  ['exclusiveMinimum', '>'],
  ['maximum', '<='],
  ['exclusiveMaximum', '<'],
]

/**
 * What a reader should know of a property beyond its type: description, format, limits, default. Not yet safe for a
 * comment.
 */
export function docOf(schema: JsonObject): string {
  const description = typeof schema['description'] === 'string' ? schema['description'].trim() : ''
  const notes = notesOf(schema).filter((note) => !description.includes(note))
  return [description, notes.length === 0 ? '' : `(${notes.join(', ')})`]
    .filter((part) => part !== '')
    .join(' ')
}

function notesOf(schema: JsonObject): string[] {
  const notes: string[] = []
  if (typeof schema['format'] === 'string') notes.push(schema['format'].slice(0, 60))
  for (const [keyword, sign] of NUMBER_LIMITS) {
    const limit = schema[keyword]
    // zod writes the safe integers as limits: they tell nothing.
    if (typeof limit === 'number' && Math.abs(limit) < Number.MAX_SAFE_INTEGER) notes.push(`${sign} ${limit}`)
  }
  const shown = showDefault(schema['default'])
  if (shown !== undefined) notes.push(`default ${shown}`)
  if (schema['deprecated'] === true) notes.push('deprecated')
  return notes
}

/** Only simple defaults are shown; `null` says no more than that the property may be left out. */
function showDefault(value: Json | undefined): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value === 'string' && value !== '' && value.length <= 60) return JSON.stringify(value)
  return undefined
}
