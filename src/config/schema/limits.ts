import { z } from 'zod'
import type { LimitSettings } from '../../core/limits.ts'
import { globs } from './fields.ts'

const MAX_COUNT = 1_000_000_000
const TOOLS = globs()
  .optional()
  .describe('Only calls of tools that match one of these globs count. Absent: all.')

const RATE = z
  .strictObject({
    requests: z
      .int()
      .min(1)
      .max(MAX_COUNT)
      .optional()
      .describe('Requests to the gateway, whatever they are for.'),
    calls: z.int().min(1).max(MAX_COUNT).optional().describe('Calls of tools.'),
    per: z.enum(['second', 'minute', 'hour', 'day']).describe('The window.'),
    tools: TOOLS,
    each: z
      .enum(['server', 'tool'])
      .optional()
      .describe('Counted apart for each server or each tool. Absent: all together.'),
  })
  .refine(
    ({ requests, calls }) => (requests === undefined) !== (calls === undefined),
    'expected exactly one of `requests` and `calls`',
  )

const BUDGET = z.strictObject({
  unit: z
    .enum(['calls', 'money', 'tokens', 'sandboxSeconds'])
    .describe(
      'What is counted: calls, money by `prices`, tokens of results (estimated), seconds of processor that scripts take.',
    ),
  amount: z.number().positive().max(MAX_COUNT).describe('So much in each window.'),
  per: z
    .enum(['minute', 'hour', 'day', 'week', 'month', 'total'])
    .describe('The window; `total` never ends.'),
  calendar: z
    .boolean()
    .default(true)
    .describe(
      'True: a window begins with the hour, the day, Monday or the month, in UTC. False: with the first use.',
    ),
  tools: TOOLS,
})

/** The limits of a level. */
export const LIMITS_SCHEMA = z
  .strictObject({
    rates: z.array(RATE).max(32).default([]).describe('At most so many in a window, in this gateway.'),
    concurrency: z.int().min(1).max(100_000).optional().describe('Calls in flight at the same time.'),
    budgets: z
      .array(BUDGET)
      .max(32)
      .default([])
      .describe('So much in a window, over all gateways that share the store; it outlives a restart.'),
  })
  .prefault({})
  .describe('Limits. Those of all levels hold.')

/** What calls cost. */
export const PRICES = z
  .array(
    z.strictObject({
      tools: z.string().min(1).max(256).describe('Glob over `server.tool`.'),
      perCall: z.number().min(0).max(1_000_000).describe('Price of one call, in your currency.'),
    }),
  )
  .max(256)
  .default([])
  .describe('What calls of tools cost, for budgets of `money`. The first that matches counts.')

/** Plain data without members that are absent. */
export function toLimitSettings(limits: z.output<typeof LIMITS_SCHEMA>): LimitSettings {
  return JSON.parse(JSON.stringify(limits)) as LimitSettings
}
