import type { z } from 'zod'

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

/** What a request says, after it was checked. */
export interface AdminRequest<Query, Body> {
  /** What stands in the place of `:id` in the path; empty where there is none. */
  readonly id: string
  readonly query: Query
  readonly body: Body
}

/** One route of the admin API, as data: the server, the OpenAPI document and the tests are made from the same table. */
export interface AdminRoute {
  readonly method: Method
  /** Below `/api/v1`; at most one variable part, `:id`. */
  readonly path: string
  /** The `operationId` of the OpenAPI document. */
  readonly name: string
  readonly summary: string
  readonly query?: z.ZodType
  readonly body?: z.ZodType
  /** What a good answer holds; absent where it is empty. */
  readonly answer?: z.ZodType
  /** Of a good answer: 200, or 204 where it is empty, unless something else is said. */
  readonly status?: 201
  readonly handle: (request: AdminRequest<unknown, unknown>) => Promise<unknown>
}

/** A route whose handler is given what its schemas make. */
export function route<Query extends z.ZodType, Body extends z.ZodType>(
  given: Omit<AdminRoute, 'handle' | 'query' | 'body'> & {
    readonly query?: Query
    readonly body?: Body
    readonly handle: (request: AdminRequest<z.output<Query>, z.output<Body>>) => Promise<unknown>
  },
): AdminRoute {
  return Object.freeze(given as unknown as AdminRoute)
}
