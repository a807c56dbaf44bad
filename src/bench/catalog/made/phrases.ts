import type { Action } from '../actions/action.ts'

/** Sentences for any tool. */
const GENERAL: readonly string[] = [
  'Ids are those that {service} gave; names are not accepted in their place.',
  'Dates are in ISO 8601, and a date without a time means the whole day.',
  'Numbers are plain, without units or separators.',
  'Needs a key of {service} with access to {nouns}.',
  'The time zone is that of the account unless another one is given.',
  'Unknown parameters are refused.',
  'At most 60 calls a minute are taken; after that the tool fails with the time to wait.',
  'If {a_noun} is not there, the call fails with `not_found`.',
  'Texts are compared without regard to case and accents.',
  'See also the tools for {others}.',
  'Use this for {nouns} only; {others} have tools of their own.',
  'Fails with `forbidden` where the account may not see the {noun}.',
  'Texts longer than 2,000 characters are cut.',
  'Results are given in the language of the account.',
  'Works for accounts of every plan.',
  'Fields that are empty are left out of the answer.',
  'Use it when somebody asks about {fields} of {a_noun}.',
  'In an account with several sites, the site of {a_noun} decides about access.',
  'The {field} of {a_noun} may be missing in older data.',
  'Where {field} is not known, it is null and not zero.',
]

const BY_EFFECT: Readonly<Record<Action['effect'], readonly string[]>> = {
  read: [
    'Each {noun} comes with {fields}.',
    'The answer has {fields} and the id.',
    'Sorted by {field} unless you say otherwise.',
    'At most 100 {nouns} are returned; use the cursor to get more.',
    'Nothing is changed by this call.',
    'Data may be up to five minutes old.',
    'An empty list means that nothing matched, which is no error.',
    'Ask for few fields where you can: a {noun} with {fields} can be large.',
    'Archived {nouns} are left out unless they are asked for.',
    'Use a filter on {field} before you page through everything.',
    'For a single {noun} it is cheaper to get it by its id.',
    'Values of {field} are rounded to two places.',
    'Totals are computed over all pages and not only over the one that is shown.',
    'Call it first to learn the ids that other tools of {service} need.',
    'The cursor is valid for ten minutes and only with the same filters.',
    'Results of the same query are cached for half a minute.',
  ],
  write: [
    'Returns the {noun} with {fields} as it was stored.',
    'The {field} has to be unique in the account.',
    'Calling it twice with the same values makes no second {noun}.',
    'Needs the role `editor` in {service}.',
    'Changes show up in lists and searches after a few seconds.',
    'The {field} cannot be changed later.',
    'Values are checked first, and nothing is stored when one of them is wrong.',
    'Whoever follows the {noun} is told of the change.',
    'Every change is kept in the history with the name of the key.',
    'Where {field} is left out, the default of the account is used.',
    'Ask the user before you change {nouns} of others.',
    'Is refused while the {noun} is locked by {a_other}.',
    'Set the dry run to see what would happen.',
    'A conflict with a newer version fails with `conflict`; read the {noun} again and repeat.',
  ],
  destroy: [
    'Needs the role `owner` in {service}.',
    'Ask the user before you call it.',
    'The {noun} can be brought back within 30 days.',
    'Is refused while {others} refer to it.',
    'Returns the id and the time of the removal.',
    'What hangs on it, such as {others}, goes with it.',
    'A second call for the same {noun} does nothing.',
    'Use archiving instead where the {field} is still needed for reports.',
    'The history of the {noun} is kept for a year.',
  ],
}

/** Sentences of longer descriptions, for a tool of this effect. */
export function phrasesFor(effect: Action['effect']): readonly string[] {
  return [...BY_EFFECT[effect], ...GENERAL]
}

/** What is said of a parameter, by the kind of its field; the first half is terse. */
export const FIELD_PHRASES: Readonly<Record<string, readonly string[]>> = {
  text: [
    '{Label}',
    '{Label} of the {noun}',
    'The {label} of the {noun}',
    'The {label}, as {service} spells it.',
  ],
  number: [
    '{Label}',
    '{Label}{unit}',
    'The {label} of the {noun}{unit}',
    'The {label}{unit}; must not be negative.',
  ],
  flag: [
    '{Label}?',
    'Whether it is {label}',
    'True where the {noun} is {label}',
    'Set it for {nouns} that are {label}.',
  ],
  date: [
    '{Label} (ISO 8601)',
    '{Label}, YYYY-MM-DD',
    'The date in `{label}` of the {noun}, as YYYY-MM-DD',
    'A day in ISO 8601, for example 2026-03-14.',
  ],
  list: [
    '{Label}',
    'List of {label}',
    'The {label} of the {noun}, in any order',
    'One or more {label}; each is a text of at most 80 characters.',
  ],
  choice: [
    '{Label}',
    'One of {choices}',
    'The {label} of the {noun}: {choices}',
    'The {label}. Use `{first}` if you are not sure.',
  ],
}

/** What is added to the description of a parameter where there is room. */
export const DETAILS: readonly string[] = [
  'Leave it out to get {nouns} of any kind.',
  'The default of the account is used where it is missing, which is what most people want.',
  'Has to fit {fields}, otherwise the call is refused with a message that says why.',
  'Values that {service} does not know are ignored and named in the answer.',
  'Ask the tools for {others} first if you do not know it.',
  'Can be changed later by those who may edit the {noun}.',
  'Is shown to others together with {fields}.',
  'Takes precedence over {field} when both are given.',
  'Only looked at for {nouns} that are in use at the time of the call.',
  'Old {nouns} may be without it; they are treated as if it were empty.',
]

/** Endings of names that are units. */
export const UNITS: Readonly<Record<string, string>> = {
  km: 'kilometres',
  m: 'metres',
  cm: 'centimetres',
  mm: 'millimetres',
  kg: 'kilograms',
  g: 'grams',
  mg: 'milligrams',
  l: 'litres',
  ml: 'millilitres',
  eur: 'euros',
  ct: 'cents',
  percent: 'percent',
  minutes: 'minutes',
  hours: 'hours',
  seconds: 'seconds',
  days: 'days',
  celsius: 'degrees Celsius',
  kwh: 'kilowatt-hours',
  kw: 'kilowatts',
  px: 'pixels',
  ha: 'hectares',
  hz: 'hertz',
  db: 'decibels',
  gb: 'gigabytes',
}
