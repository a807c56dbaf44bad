import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts'
import { cutText, isRepeat } from '../text.ts'
import { withoutValues } from './enum-text.ts'
import { notesOf } from './notes.ts'

/** The first sentences of a property's description; what a server says beyond is seldom about the value. */
const DESCRIPTION_CHARS = 320
const MAX_VALUES = 100

/**
 * What a reader should know of a property beyond its name and type: description, then format, limits and default where the
 * description does not have them already.
 */
export function docOf(schema: JsonObject, name: string): string {
  const text = describe(schema)
  const full = isRepeat(text, name) ? '' : text
  const said = cutText(withoutValues(full, valuesOf(schema)), DESCRIPTION_CHARS).replace(/[.。]$/u, '')
  const notes = notesOf(schema, said).join(', ')
  return said === '' || notes === '' ? said + notes : `${said}; ${notes}`
}

/** The description; where there is none, that of what the property holds. */
function describe(schema: JsonObject): string {
  const own = schema['description']
  if (typeof own === 'string' && own.trim() !== '') return own
  const items = schema['items']
  if (isJsonObject(items) && typeof items['description'] === 'string') return items['description']
  return (
    ['oneOf', 'anyOf'].map((keyword) => describeOptions(schema[keyword])).find((text) => text !== '') ?? ''
  )
}

/** `oneOf` with constants is how a schema describes each value of an enum. */
function describeOptions(options: Json | undefined): string {
  if (!Array.isArray(options)) return ''
  const texts: string[] = []
  for (const option of (options as readonly Json[]).slice(0, MAX_VALUES)) {
    if (!isJsonObject(option)) continue
    const text = option['description']
    if (typeof text !== 'string' || text.trim() === '') continue
    const value = option['const']
    texts.push(typeof value === 'string' ? `${value}: ${text}` : text)
  }
  return texts.join('; ')
}

function valuesOf(schema: JsonObject): readonly string[] {
  const items = schema['items']
  const values = schema['enum'] ?? (isJsonObject(items) ? items['enum'] : undefined)
  if (!Array.isArray(values)) return []
  const shown = (values as readonly Json[]).slice(0, MAX_VALUES)
  return shown.every((value) => typeof value !== 'object') ? shown.map(String) : []
}
