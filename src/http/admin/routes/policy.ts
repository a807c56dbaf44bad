import { z } from 'zod'

import { IDENTITY_PATTERN } from '../../../config/schema/identity.ts'
import type { AdminPorts } from '../ports.ts'
import { route, type AdminRoute } from '../route.ts'

const KEY = z
  .string()
  .regex(IDENTITY_PATTERN)
  .optional()
  .describe('A virtual key. Absent: whoever has the token of the gateway.')

/** The routes that say who may do what, and how often. */
export function policyRoutes({
  explain,
  limits,
}: Pick<AdminPorts, 'explain' | 'limits'>): readonly AdminRoute[] {
  return [
    route({
      method: 'POST',
      path: '/policy/explain',
      name: 'explainPolicy',
      summary: 'Says who may use a tool, and which rule says so. Nothing is called.',
      body: z.strictObject({
        key: KEY,
        tool: z
          .string()
          .regex(/^[^.]{1,64}\..{1,256}$/)
          .describe('`server.tool`.'),
        door: z.enum(['mcp', 'stdio', 'cli', 'rest', 'script']).default('mcp'),
        args: z
          .record(z.string(), z.json())
          .optional()
          .describe('The arguments. Absent: what would be said of the mildest ones.'),
      }),
      answer: z.looseObject({}),
      handle: ({ body: { key, tool, door, args } }) => {
        const dot = tool.indexOf('.')
        return explain({
          ...(key === undefined ? {} : { key }),
          tool: { server: tool.slice(0, dot), name: tool.slice(dot + 1) },
          door,
          ...(args === undefined ? {} : { args }),
        })
      },
    }),
    route({
      method: 'GET',
      path: '/limits',
      name: 'listLimits',
      summary: 'Shows the limits that hold for a key, and what is used up of them.',
      query: z.strictObject({ key: KEY }),
      answer: z.object({ limits: z.array(z.looseObject({})) }),
      handle: async ({ query }) => ({ limits: await limits(query.key) }),
    }),
  ]
}
