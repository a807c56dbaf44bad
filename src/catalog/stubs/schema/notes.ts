import type { Json, JsonObject } from '../../../core/json.ts'

/** A longer format, pattern or default is left out: half of it would mislead. */
const NOTE_MAX = 60

/**
 * What a schema says of a value beyond its type, each note short: `date-time`, `1..100`, `/^[a-z]+$/`, `= 30`. What the
 * description says already is left out.
 */
export function notesOf(schema: JsonObject, description: string): string[] {
  const said = description.toLowerCase()
  const numbers = new Set(said.replace(/(\d),(?=\d{3})/g, '$1').match(/\d+(?:\.\d+)?/g))
  const isSaid = (limit: number) => numbers.has(String(Math.abs(limit)))
  const { format, pattern } = schema
  const shown = showDefault(schema['default'])
  return [
    typeof format === 'string' && format.length <= NOTE_MAX && !said.includes(format.toLowerCase())
      ? format
      : '',
    ...rangeOf(schema, isSaid),
    spanOf(schema['minLength'], schema['maxLength'], 'chars', isSaid),
    spanOf(schema['minItems'], schema['maxItems'], 'items', isSaid),
    typeof pattern === 'string' && pattern.length <= NOTE_MAX && !description.includes(pattern)
      ? `/${pattern}/`
      : '',
    shown === '' || isDefaultSaid(shown, said, numbers) ? '' : `= ${shown}`,
    schema['deprecated'] === true && !said.includes('deprecated') ? 'deprecated' : '',
  ].filter((note) => note !== '')
}

/** `1..100` with both ends, `>=1` with one; exclusive ends stand alone. */
function rangeOf(schema: JsonObject, isSaid: (limit: number) => boolean): string[] {
  const low = limitOf(schema['minimum'])
  const high = limitOf(schema['maximum'])
  const above = limitOf(schema['exclusiveMinimum'])
  const below = limitOf(schema['exclusiveMaximum'])
  const step = limitOf(schema['multipleOf'])
  const closed =
    low !== undefined && high !== undefined
      ? [{ text: `${low}..${high}`, ends: [low, high] }]
      : [
          { text: `>=${low}`, ends: low === undefined ? [] : [low] },
          { text: `<=${high}`, ends: high === undefined ? [] : [high] },
        ]
  return [
    ...closed,
    { text: `>${above}`, ends: above === undefined ? [] : [above] },
    { text: `<${below}`, ends: below === undefined ? [] : [below] },
    { text: `multiple of ${step}`, ends: step === undefined ? [] : [step] },
  ]
    .filter(({ ends }) => ends.length > 0 && !ends.every(isSaid))
    .map(({ text }) => text)
}

/** A count of characters or items. That something is not empty goes without saying. */
function spanOf(
  min: Json | undefined,
  max: Json | undefined,
  unit: string,
  isSaid: (limit: number) => boolean,
): string {
  const low = limitOf(min) ?? 0
  const high = limitOf(max)
  if ((low <= 1 && high === undefined) || [low, high ?? low].every(isSaid)) return ''
  if (high === undefined) return `>=${low} ${unit}`
  if (low === high) return `${low} ${unit}`
  return low === 0 ? `<=${high} ${unit}` : `${low}..${high} ${unit}`
}

/** zod writes the safe integers as limits: they tell nothing. */
function limitOf(value: Json | undefined): number | undefined {
  return typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : undefined
}

/** A default that is empty or `null` says no more than that the property may be left out. */
function showDefault(value: Json | undefined): string {
  if (value === undefined || value === null || value === '') return ''
  if (typeof value === 'string' && value.length > NOTE_MAX) return ''
  if (typeof value === 'object' && !isFlat(value)) return ''
  const text = JSON.stringify(value)
  return text.length > NOTE_MAX || text === '[]' || text === '{}' ? '' : text
}

/** A default of a stranger may be deep: what is written out has one level. */
function isFlat(value: JsonObject | readonly Json[]): boolean {
  const parts = Object.values(value)
  return parts.length <= 8 && parts.every((part) => typeof part !== 'object' || part === null)
}

/** `Page size (default: 30)` needs no `= 30`. */
function isDefaultSaid(shown: string, said: string, numbers: ReadonlySet<string>): boolean {
  if (!said.includes('default')) return false
  const word = shown.replaceAll('"', '').toLowerCase()
  return /^-?\d/.test(word) ? numbers.has(word.replace('-', '')) : said.includes(word)
}
