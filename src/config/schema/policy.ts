import { z } from 'zod'
import type { PolicySettings } from '../../core/rule.ts'
import { globs } from './fields.ts'

/** What a level of the policy says; that of the gateway has more. */
export const POLICY_FIELDS = {
  ask: globs().default([]).describe('Tools whose calls wait for an approval: globs over `server.tool`.'),
  auto: globs()
    .optional()
    .describe(
      'Tools that scripts and agent loops may call by themselves, because they are trusted and of low risk. Calls of others by a script wait for an approval. Absent: what the levels above say; at the top: none.',
    ),
  rules: z
    .array(
      z.strictObject({
        tools: z.array(z.string().min(1).max(256)).min(1).max(64).describe('Globs over `server.tool`.'),
        verdict: z.enum(['allow', 'ask', 'deny']).describe('What may be done with them.'),
        when: z
          .string()
          .min(1)
          .max(4096)
          .optional()
          .describe(
            'Expression in CEL over `principal`, `tool`, `door` and `args`, such as `args.amount <= 100`. Absent: always.',
          ),
        name: z.string().min(1).max(128).optional().describe('Shown to whoever asks why, and in the audit.'),
      }),
    )
    .max(1_000)
    .default([])
    .describe('Rules with conditions. The strictest that holds wins.'),
} as const

/** The policy of an organisation, a team or a key. */
export const LEVEL_POLICY = z
  .strictObject({
    allow: globs()
      .optional()
      .describe(
        'Only tools that match one of these globs can be used. Absent: all that the levels above allow.',
      ),
    deny: globs().default([]).describe('Tools that match one of these globs cannot be used.'),
    ...POLICY_FIELDS,
  })
  .prefault({})
  .describe('What may be used. All levels hold, and the strictest wins.')

/** The policy as the core has it. */
export function toPolicySettings({
  allow,
  ask,
  deny,
  auto,
  rules,
}: z.output<typeof LEVEL_POLICY>): PolicySettings {
  return {
    ...(allow === undefined ? {} : { allow: [...allow] }),
    ask: [...ask],
    deny: [...deny],
    ...(auto === undefined ? {} : { auto: [...auto] }),
    rules: rules.map(({ tools, verdict, when, name }) => ({
      tools: [...tools],
      verdict,
      ...(when === undefined ? {} : { when }),
      ...(name === undefined ? {} : { name }),
    })),
  }
}
