import { z } from 'zod'
import { integer, MINUTE_MS } from './fields.ts'

const DAY_MS = 1440 * MINUTE_MS

/** The section `approvals`. */
export const APPROVALS = z
  .strictObject({
    ttlMs: integer(
      1_000,
      30 * DAY_MS,
      DAY_MS,
      'How long an approval waits, in milliseconds. Nobody said yes in time means no.',
    ),
    fourEyes: z
      .boolean()
      .default(false)
      .describe(
        'True: nobody decides about a call of their own, so neither elicitation nor `run_script` with `approve` does.',
      ),
    elicitation: z
      .boolean()
      .default(true)
      .describe(
        'Whether the person at the client is asked, where the client can do that. The client answers for the person: set false where nobody sits behind it.',
      ),
    resume: z
      .boolean()
      .default(false)
      .describe(
        'Whether `run_script` with `resume` and `approve` decides. Set it only where a person confirms each call in the client: otherwise the model approves itself.',
      ),
    webhook: z
      .strictObject({
        url: z
          .url({ protocol: /^https?$/ })
          .max(4096)
          .describe('Told of each approval that waits, by POST.'),
        secret: z
          .string()
          .min(16)
          .max(4096)
          .describe('Signs what is sent, and checks the answers (HMAC-SHA-256); at least 16 characters.'),
      })
      .optional()
      .describe(
        'Where approvals that wait are told of. The answer comes to `/approvals/<id>` of the gateway.',
      ),
  })
  .prefault({})
  .describe('How calls that need an approval get it.')

/** The section as it is used. */
export type ApprovalsPlan = z.output<typeof APPROVALS>
