import type { JsonObject } from '../../../core/json.ts'
import type { Action } from '../actions/action.ts'
import type { Scene } from '../made/scene.ts'
import type { Style } from '../made/style.ts'
import { printObject } from './parameter.ts'
import { draftPart } from './parts.ts'

/** A schema for what an action gives. */
export function draftOutput({ gives }: Action, scene: Scene, style: Style): JsonObject {
  const { nouns } = scene.resource
  const id = draftPart('id', scene, style, true)
  const fields = draftPart('filters', scene, style, true)
  const record = printObject([...id, ...fields], { ...style, schema: 'hand' }, () => false)
  const byGives: Readonly<Record<Action['gives'], JsonObject>> = {
    one: record,
    many: toObject(
      {
        [nouns]: { type: 'array', items: record },
        total: { type: 'integer' },
        next_cursor: { type: ['string', 'null'] },
      },
      [nouns],
    ),
    figure: toObject({ total: { type: 'number' }, groups: { type: 'array', items: GROUP } }, ['total']),
    done: toObject({ id: { type: 'string' }, ok: { type: 'boolean' }, done_at: { type: 'string' } }, ['ok']),
  }
  return byGives[gives]
}

function toObject(properties: JsonObject, required: readonly string[]): JsonObject {
  return { type: 'object', properties, required }
}

const GROUP = toObject({ key: { type: 'string' }, value: { type: 'number' } }, ['key', 'value'])
