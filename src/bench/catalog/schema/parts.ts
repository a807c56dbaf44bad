import type { Json, JsonObject } from '../../../core/json.ts'
import type { Part } from '../actions/action.ts'
import { pickField, type Scene, say } from '../made/scene.ts'
import type { Style } from '../made/style.ts'
import { draftField } from './fields.ts'
import type { Parameter } from './parameter.ts'

const MAX_MEMBERS = 6

/** What the parameters of a part are made with. */
interface Draft {
  readonly scene: Scene
  readonly style: Style
  readonly isRequired: boolean
  readonly one: (name: string, schema: JsonObject, says: string, fallback?: Json) => Parameter
  /** Some fields of the resource as parameters. */
  readonly fields: (count: number) => readonly Parameter[]
}

/** The parameters of a part. */
export function draftPart(part: Part, scene: Scene, style: Style, isRequired: boolean): readonly Parameter[] {
  const { resource, random } = scene
  return PARTS[part]({
    scene,
    style,
    isRequired,
    one: (name, schema, says, fallback) => ({
      name,
      schema,
      says: say(scene, says),
      isRequired,
      ...(fallback === undefined || isRequired ? {} : { fallback }),
    }),
    fields: (count) =>
      random
        .shuffle(resource.fields)
        .slice(0, count)
        .map((field) => draftField(field, scene, isRequired)),
  })
}

const TEXT: JsonObject = { type: 'string' }
const DAY: JsonObject = { type: 'string', format: 'date' }

const PARTS: Readonly<Record<Part, (draft: Draft) => readonly Parameter[]>> = {
  id: ({ scene: { resource, random }, one }) => [
    one(
      random.chance(0.8) ? `${resource.noun}_id` : 'id',
      random.chance(0.15) ? { type: 'integer' } : TEXT,
      random.pick([
        'Id of the {noun}',
        'The id of the {noun}',
        'Id of the {noun}, as the list of {nouns} has it',
        'Which {noun}',
      ]),
    ),
  ],
  ids: ({ scene: { resource }, one }) => [
    one(
      `${resource.noun}_ids`,
      { type: 'array', items: TEXT, minItems: 1 },
      'Ids of the {nouns}, at most 200',
    ),
  ],
  other_id: ({ scene: { other, random }, one }) => [
    one(
      `${other.noun}_id`,
      TEXT,
      random.pick([
        'Id of the {other}',
        'The {other} that is meant',
        'Id of {a_other} that is there already',
      ]),
    ),
  ],
  query: ({ scene: { random }, one }) => [
    one(
      random.pick(['query', 'q', 'query', 'search']),
      TEXT,
      random.pick([
        'Words to look for',
        'Search text',
        'Words to look for in {fields}; put phrases in quotes',
      ]),
    ),
  ],
  filters: ({ scene: { resource }, fields }) => fields(resource.fields.length),
  changes: ({ scene: { resource }, fields }) => fields(resource.fields.length),
  values: ({ scene: { random }, one, fields }) => [
    one('name', TEXT, 'Name of the {noun}'),
    ...fields(1 + random.below(2)),
  ],
  record: ({ scene: { resource, random }, one, fields }) => [
    {
      ...one(resource.noun, { type: 'object' }, 'The {noun}'),
      members: [
        ...fields(2 + random.below(MAX_MEMBERS - 1)),
        ...(random.chance(0.3) ? [draftPeriod(one)] : []),
      ],
    },
  ],
  records: ({ scene: { resource, random }, one, fields }) => [
    {
      ...one(resource.nouns, { type: 'array' }, 'The {nouns} to be stored'),
      members: fields(2 + random.below(3)),
    },
  ],
  page: ({ style, one }) => draftPaging(one, style),
  sort: ({ scene: { resource }, one }) => [
    one(
      'sort_by',
      { type: 'string', enum: resource.fields.slice(0, 4).map(({ name }) => name) },
      'Field to sort by',
    ),
    one('order', { type: 'string', enum: ['asc', 'desc'] }, 'Direction of sorting', 'asc'),
  ],
  range: ({ scene: { random }, one }) => [
    one('from', TEXT, 'First day, YYYY-MM-DD'),
    one('to', TEXT, random.pick(['Last day, YYYY-MM-DD', 'Last day, YYYY-MM-DD; today if it is left out'])),
  ],
  options: ({ one }) => [
    { ...one('options', { type: 'object' }, 'Further settings'), members: draftOptions(one) },
  ],
  conditions: ({ scene, one }) => [
    {
      ...one('conditions', { type: 'array' }, 'Conditions that all have to hold'),
      members: draftConditions(scene, one),
    },
  ],
  format: ({ scene: { random }, one }) => {
    const formats = random.pick([
      ['json', 'csv'],
      ['json', 'csv', 'xlsx'],
      ['text', 'json', 'markdown'],
    ])
    return [one('format', { type: 'string', enum: formats }, 'Format of the result', 'json')]
  },
  include: ({ scene: { other }, one }) => [
    one(
      'include',
      { type: 'array', items: { type: 'string', enum: [other.nouns, 'history', 'totals'] } },
      'What to add to the result',
    ),
  ],
  reason: ({ scene: { random }, one }) => [
    one('reason', TEXT, random.pick(['Why, for the history', 'A reason that others can understand'])),
  ],
  dry_run: ({ scene: { random }, one }) => [
    one(
      'dry_run',
      { type: 'boolean' },
      random.pick(['Only check, change nothing', 'If true, the call is checked and nothing is changed']),
      false,
    ),
  ],
  when: ({ scene: { random }, one }) => [
    one(
      random.pick(['scheduled_for', 'effective_on', 'at']),
      { type: 'string', format: 'date-time' },
      'When, in ISO 8601',
    ),
  ],
  group_by: ({ scene, one }) => [
    one(
      'group_by',
      { type: 'string', enum: [pickField(scene, 'choice').name, 'day', 'month'] },
      'How to group the figures',
      'month',
    ),
  ],
  amount: ({ scene, isRequired }) => [
    draftField(pickField(scene, 'number'), scene, isRequired),
    draftField(pickField(scene, 'choice'), scene, isRequired),
  ],
  context: ({ scene: { random }, one }) => random.shuffle(draftContext(one)),
}

function draftPaging(one: Draft['one'], { paging }: Style): readonly Parameter[] {
  const limit = one('limit', { type: 'integer', minimum: 1, maximum: 100 }, 'How many {nouns} to return', 20)
  if (paging === 'cursor')
    return [limit, one('cursor', { type: 'string' }, 'Where to go on, from the answer before')]
  if (paging === 'offset')
    return [limit, one('offset', { type: 'integer', minimum: 0 }, 'How many {nouns} to skip', 0)]
  return [one('page', { type: 'integer', minimum: 1 }, 'Page, from 1', 1), { ...limit, name: 'per_page' }]
}

function draftOptions(one: Draft['one']): readonly Parameter[] {
  return [
    one('strict', { type: 'boolean' }, 'Fail instead of correcting values', false),
    one('locale', { type: 'string' }, 'Language of texts, such as en or de', 'en'),
    one('notify', { type: 'boolean' }, 'Tell those who follow the {noun}', true),
    one('timeout_seconds', { type: 'integer', minimum: 1, maximum: 300 }, 'How long to wait at most', 30),
  ]
}

/** What any tool of a service may take. */
function draftContext(one: Draft['one']): readonly Parameter[] {
  return [
    one('site', { type: 'string' }, 'Site of the account; the main one if it is left out'),
    one(
      'language',
      { type: 'string', enum: ['en', 'de', 'fr', 'es', 'it', 'nl', 'pl', 'pt'] },
      'Language of the texts in the answer',
      'en',
    ),
    one(
      'fields',
      { type: 'array', items: { type: 'string' } },
      'Fields of the {noun} to return, such as {fields}',
    ),
    one('version', { type: 'integer', minimum: 1 }, 'Version of the {noun} that was seen last'),
    one('verbose', { type: 'boolean' }, 'Return everything that {service} knows', false),
    one('tags', { type: 'array', items: { type: 'string' } }, 'Tags of the {noun}'),
    one('account', { type: 'string' }, 'Account to act for, where the key has more than one'),
    one('trace_id', { type: 'string' }, 'Is written into the history beside the call'),
  ]
}

function draftPeriod(one: Draft['one']): Parameter {
  return {
    ...one('validity', { type: 'object' }, 'From when until when the {noun} holds'),
    members: [one('begins', DAY, 'First day'), one('ends', DAY, 'Last day, or none')],
  }
}

function draftConditions({ resource }: Scene, one: Draft['one']): readonly Parameter[] {
  const required = (parameter: Parameter): Parameter => ({ ...parameter, isRequired: true })
  return [
    required(
      one('field', { type: 'string', enum: resource.fields.map(({ name }) => name) }, 'Field of the {noun}'),
    ),
    required(
      one('operator', { type: 'string', enum: ['eq', 'ne', 'lt', 'gt', 'contains'] }, 'How to compare'),
    ),
    one('value', { type: 'string' }, 'What to compare with'),
  ]
}
