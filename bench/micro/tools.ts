import type { JsonObject } from '../../src/core/json.ts'
import type { ToolSpec } from '../../src/core/tool.ts'

const VERBS = ['list', 'get', 'create', 'update', 'delete', 'search', 'export', 'archive', 'assign', 'merge']
const THINGS = [
  'parcel',
  'vehicle',
  'invoice',
  'recipe',
  'sensor',
  'claim',
  'booking',
  'photo',
  'lesson',
  'permit',
  'meter reading',
  'delivery route',
  'loan',
  'playlist',
  'survey',
  'harvest',
  'shift',
  'ticket',
  'warehouse',
  'translation',
]
const PLACES = ['north depot', 'city branch', 'archive', 'field office', 'test plant']

/** Questions as a model asks them. */
export const QUERIES: readonly string[] = THINGS.map((thing, index) => {
  const verb = VERBS[index % VERBS.length] ?? 'list'
  return index % 2 === 0
    ? `${verb} ${thing} of the ${PLACES[index % PLACES.length]}`
    : `${thing} ${verb} by date`
})

/** Tools for measuring, always the same ones: 50 on a server. */
export function createTools(count: number): readonly ToolSpec[] {
  return Array.from({ length: count }, (_, index) => {
    const verb = VERBS[index % VERBS.length] ?? 'get'
    const thing = THINGS[Math.floor(index / VERBS.length) % THINGS.length] ?? 'parcel'
    const place = PLACES[Math.floor(index / 200) % PLACES.length] ?? 'archive'
    const name = `${verb}_${thing.replaceAll(' ', '_')}_${index}`
    const description = `Does ${verb} for a ${thing} at the ${place}. Needs the number of the ${thing}; gives what is known of it afterwards.`
    const inputSchema: JsonObject = {
      type: 'object',
      properties: {
        number: { type: 'integer', description: `Number of the ${thing}.` },
        state: { type: 'string', enum: ['open', 'closed', 'waiting'] },
        since: { type: 'string', description: 'First day, as YYYY-MM-DD.' },
        options: { type: 'object', properties: { limit: { type: 'integer' }, sort: { type: 'string' } } },
      },
      required: ['number'],
    }
    const outputSchema: JsonObject = {
      type: 'object',
      properties: {
        number: { type: 'integer' },
        title: { type: 'string' },
        rows: { type: 'array', items: {} },
      },
      required: ['number'],
    }
    return {
      ref: { server: `server${Math.floor(index / 50)}`, name },
      description,
      inputSchema,
      outputSchema,
      definition: { name, description, inputSchema, outputSchema },
    }
  })
}
