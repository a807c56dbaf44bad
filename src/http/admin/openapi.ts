import { z } from 'zod'

import type { JsonObject } from '../../core/json.ts'
import type { AdminRoute } from './route.ts'

const ERROR = z.object({
  error: z.object({
    code: z.string().describe('A code of docs/errors.md.'),
    message: z.string(),
    remedy: z.string().describe('What can be done about it.'),
    retryable: z.boolean(),
    detail: z.looseObject({}),
  }),
})

/** Describes the routes as OpenAPI 3.1, from the schemas that check them. */
export function toOpenApi(routes: readonly AdminRoute[], base: string, version: string): JsonObject {
  const paths: Record<string, Record<string, JsonObject>> = {}
  for (const each of routes) {
    const path = `${base}${each.path.replace(':id', '{id}')}`
    ;(paths[path] ??= {})[each.method.toLowerCase()] = toOperation(each)
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Isogate admin API', version },
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: { Error: toSchema(ERROR, 'output') },
    },
    security: [{ token: [] }],
  }
}

function toOperation({ name, summary, path, query, body, answer, status }: AdminRoute): JsonObject {
  const parameters = [
    ...(path.includes(':id') ? [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }] : []),
    ...(query === undefined ? [] : toParameters(query)),
  ]
  return {
    operationId: name,
    summary,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : { requestBody: { required: !body.safeParse(undefined).success, content: toContent(body, 'input') } }),
    responses: {
      ...(answer === undefined
        ? { 204: { description: 'Done.' } }
        : { [status ?? 200]: { description: 'Done.', content: toContent(answer, 'output') } }),
      default: {
        description: 'A refusal or a fault.',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      },
    },
  }
}

function toParameters(query: z.ZodType): readonly JsonObject[] {
  const { properties = {}, required = [] } = toSchema(query, 'input') as {
    readonly properties?: Readonly<Record<string, JsonObject>>
    readonly required?: readonly string[]
  }
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema,
  }))
}

function toContent(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
  return { 'application/json': { schema: toSchema(schema, io) } }
}

function toSchema(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
  const { $schema: _dialect, ...described } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return described as unknown as JsonObject
}
