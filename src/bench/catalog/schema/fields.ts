import type { Json, JsonObject } from '../../../core/json.ts'
import { DETAILS, FIELD_PHRASES, UNITS } from '../made/phrases.ts'
import { type Scene, say } from '../made/scene.ts'
import { type Field, fillTemplate, toLabel } from '../made/vocabulary.ts'
import type { Parameter } from './parameter.ts'

/** The parameter for a field of a resource. */
export function draftField(field: Field, scene: Scene, isRequired: boolean): Parameter {
  const { random } = scene
  const label = toLabel(field.name)
  const unit = UNITS[field.name.split('_').at(-1) ?? '']
  const template = fillTemplate(random.pick(FIELD_PHRASES[field.kind] ?? ['{Label}']), {
    label,
    Label: label.charAt(0).toUpperCase() + label.slice(1),
    unit: unit === undefined ? '' : `, in ${unit}`,
    choices: field.choices.join(', '),
    first: field.choices[0] ?? '',
    noun: '{noun}',
    nouns: '{nouns}',
    service: '{service}',
  })
  const isDetailed = scene.isWordy === true && random.chance(0.45)
  const fallback = isRequired ? undefined : draftDefault(field, random.next())
  return {
    name: field.name,
    schema: draftType(field, random.chance(0.25)),
    says: say(scene, isDetailed ? `${template.replace(/[.?]$/, '')}. ${random.pick(DETAILS)}` : template),
    isRequired,
    ...(fallback === undefined ? {} : { fallback }),
  }
}

function draftType({ kind, choices }: Field, isBounded: boolean): JsonObject {
  if (kind === 'choice') return { type: 'string', enum: choices }
  if (kind === 'number') return isBounded ? { type: 'number', minimum: 0 } : { type: 'number' }
  if (kind === 'date') return isBounded ? { type: 'string', format: 'date' } : { type: 'string' }
  if (kind === 'list') return { type: 'array', items: { type: 'string' } }
  return { type: kind === 'flag' ? 'boolean' : 'string' }
}

function draftDefault({ kind, choices }: Field, chance: number): Json | undefined {
  if (kind === 'flag') return chance < 0.5 ? false : undefined
  if (kind === 'choice') return chance < 0.35 ? choices[0] : undefined
  return kind === 'number' && chance < 0.2 ? 10 : undefined
}
