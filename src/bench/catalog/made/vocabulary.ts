import { UNITS } from './phrases.ts'
import type { Random } from './random.ts'

/** A field of work that servers of the catalog have to do with. */
export interface Domain {
  /** What it is about, as a sentence names it. */
  readonly about: string
  /** Words for names of servers. */
  readonly services: readonly string[]
  /**
   * What it has, each with its fields: `vehicle: plate, mileage_km#, fuel=diesel/petrol, active?, bought_on@, labels*`. A field is
   * a text, `#` a number, `?` yes or no, `@` a date, `*` a list of texts, `=` one of the words that follow.
   */
  readonly resources: readonly string[]
  /** Sentences that are true of it and of nothing else. */
  readonly notes: readonly string[]
}

export type FieldKind = 'text' | 'number' | 'flag' | 'date' | 'list' | 'choice'

export interface Field {
  /** In words joined by `_`. */
  readonly name: string
  readonly kind: FieldKind
  /** Empty unless it is a choice. */
  readonly choices: readonly string[]
}

/** A thing that a server keeps. */
export interface Resource {
  readonly noun: string
  readonly nouns: string
  readonly fields: readonly Field[]
}

const SIGNS: Readonly<Record<string, FieldKind>> = { '#': 'number', '?': 'flag', '@': 'date', '*': 'list' }

/** Reads a resource as {@link Domain} has it. */
export function parseResource(text: string): Resource {
  const [noun = '', fields = ''] = text.split(': ')
  return { noun, nouns: toPlural(noun), fields: fields.split(', ').map(parseField) }
}

function parseField(text: string): Field {
  const [name = '', choices] = text.split('=')
  if (choices !== undefined) return { name, kind: 'choice', choices: choices.split('/') }
  const kind = SIGNS[name.slice(-1)]
  return kind === undefined
    ? { name, kind: 'text', choices: [] }
    : { name: name.slice(0, -1), kind, choices: [] }
}

/** Enough grammar for the nouns of the vocabulary. */
function toPlural(noun: string): string {
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`
  return /(?:s|x|ch|sh)$/.test(noun) ? `${noun}es` : `${noun}s`
}

/** `loan_period` as a sentence has it. */
export function toWords(name: string): string {
  return name.replaceAll('_', ' ')
}

/** The same without the unit at its end: `length_km` is a length. */
export function toLabel(name: string): string {
  const words = name.split('_')
  return (words.length > 1 && UNITS[words.at(-1) ?? ''] !== undefined ? words.slice(0, -1) : words).join(' ')
}

/** Puts words into a template: `Lists {nouns}.` A word that a template asks for and nobody has stays empty. */
export function fillTemplate(template: string, words: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (_whole, key: string) => words[key] ?? '')
}

/** Some fields of a resource in words: `plate, fuel and depot`. */
export function nameFields(resource: Resource, count: number, random: Random): string {
  const names = random.shuffle(resource.fields).slice(0, count)
  const words = names.map(({ name }) => toLabel(name))
  const last = words.at(-1) ?? 'name'
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`
}
