import { z } from 'zod'
import type { JsonObject } from '../core/json.ts'
import { CONFIG_SCHEMA } from './schema.ts'

/** Where the published JSON Schema is found; the package carries it too. */
export const SCHEMA_URL = 'https://unpkg.com/isogate/isogate.schema.json'

/** The JSON Schema of a configuration document, as a person writes it: what has a default is optional. */
export function toJsonSchema(): JsonObject {
  const { $schema, ...schema } = z.toJSONSchema(CONFIG_SCHEMA, { io: 'input' })
  return { $schema, $id: SCHEMA_URL, title: 'Isogate configuration', ...schema } as unknown as JsonObject
}

/** The text of `isogate.schema.json`. */
export function renderJsonSchema(): string {
  return `${JSON.stringify(toJsonSchema(), null, 2)}\n`
}
