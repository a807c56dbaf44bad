import type { Action } from '../actions/action.ts'
import type { Random } from './random.ts'
import type { Style } from './style.ts'
import { type Field, fillTemplate, nameFields, type Resource, toWords } from './vocabulary.ts'

/** What a tool is about. */
export interface Scene {
  readonly resource: Resource
  /** Another resource of the same server. */
  readonly other: Resource
  readonly service: string
  readonly about: string
  readonly random: Random
  /** There is room for more than a few words. */
  readonly isWordy?: boolean
}

/** A tool that is to be made. */
export interface ToolPlan {
  readonly server: string
  readonly name: string
  readonly action: Action
  readonly scene: Scene
  readonly style: Style
  /** Sentences that only tools of this server may have. */
  readonly notes: readonly string[]
}

/** Fills a template with words of the scene. What can be chosen is drawn anew each time. */
export function say(scene: Scene, template: string): string {
  const { resource, other, service, about, random } = scene
  const noun = toWords(resource.noun)
  const words = {
    noun,
    nouns: toWords(resource.nouns),
    a_noun: withArticle(noun),
    other: toWords(other.noun),
    others: toWords(other.nouns),
    a_other: withArticle(toWords(other.noun)),
    service,
    about,
    field: nameFields(resource, 1, random),
    fields: nameFields(resource, 2 + random.below(2), random),
  }
  const text = fillTemplate(template, words)
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** Names in code are not sentences. */
export function nameAfter(scene: Scene, template: string, service: string): string {
  const { resource, other } = scene
  return fillTemplate(template, {
    noun: resource.noun,
    nouns: resource.nouns,
    other: other.noun,
    service: service.replaceAll('-', '_'),
  })
}

function withArticle(noun: string): string {
  return `${/^(?:[aeio]|un)/.test(noun) ? 'an' : 'a'} ${noun}`
}

/** One of the fields of a kind, or any where there is none. */
export function pickField({ resource, random }: Scene, kind: Field['kind']): Field {
  const fitting = resource.fields.filter((field) => field.kind === kind)
  return random.pick(fitting.length > 0 ? fitting : resource.fields)
}
