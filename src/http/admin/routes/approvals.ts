import { z } from 'zod'

import type { ApprovalDecisions } from '../../../core/approval-desk.ts'
import { withoutBinding } from '../../../core/approval.ts'
import { route, type AdminRoute } from '../route.ts'
import { ADMINISTRATOR } from './identities.ts'

const STATE = z.enum(['pending', 'approved', 'denied', 'expired', 'used'])
const SCOPE = z.enum(['call', 'run', 'plan'])
const REASON = z.string().min(1).max(1_000).optional().describe('For the caller, and for the audit.')
const BY = z
  .string()
  .regex(/^[\x21-\x7e]{1,64}$/)
  .optional()
  .describe('The person who decides, as the caller of this API knows them. Recorded as `admin:<by>`.')

const APPROVAL = z.looseObject({
  id: z.string(),
  state: STATE,
  owner: z.string().describe('For whom it is asked.'),
  team: z.string().optional(),
  subject: z
    .looseObject({ kind: z.enum(['call', 'plan']) })
    .describe('The call with its arguments, or the plan.'),
  rule: z.string().describe('The rule that asked.'),
  createdAtMs: z.number(),
  expiresAtMs: z.number(),
  fourEyes: z.boolean(),
  decision: z.looseObject({ by: z.string(), scope: SCOPE }).optional(),
})

/** The routes of approvals. */
export function approvalRoutes(approvals: ApprovalDecisions): readonly AdminRoute[] {
  return [
    route({
      method: 'GET',
      path: '/approvals',
      name: 'listApprovals',
      summary: 'Lists approvals, the newest first.',
      query: z.strictObject({
        state: STATE.optional(),
        owner: z.string().min(1).max(256).optional().describe('The id of a principal, such as `key:ci`.'),
        run: z.string().min(1).max(256).optional(),
        limit: z.coerce.number().int().min(1).max(1_000).default(100),
      }),
      answer: z.object({ approvals: z.array(APPROVAL) }),
      handle: async ({ query }) => ({
        approvals: (await approvals.list(withoutAbsent(query))).map(withoutBinding),
      }),
    }),
    route({
      method: 'GET',
      path: '/approvals/:id',
      name: 'getApproval',
      summary: 'Shows one approval with all that is asked.',
      answer: APPROVAL,
      handle: async ({ id }) => withoutBinding(await approvals.load(id)),
    }),
    route({
      method: 'POST',
      path: '/approvals/:id/approve',
      name: 'approve',
      summary: 'Says yes.',
      body: z
        .strictObject({
          scope: SCOPE.optional().describe('The call, the tool for the rest of the run, or the plan.'),
          atMost: z
            .record(z.string().min(1).max(256), z.int().min(1).max(1_000_000))
            .optional()
            .describe('Of a plan: beside its calls, so many of tools that match the glob.'),
          reason: REASON,
          by: BY,
        })
        .prefault({}),
      answer: APPROVAL,
      handle: async ({ id, body: { by, ...said } }) =>
        withoutBinding(
          await approvals.decide(id, {
            verdict: 'approve',
            by: nameOf(by),
            via: 'rest',
            ...withoutAbsent(said),
          }),
        ),
    }),
    route({
      method: 'POST',
      path: '/approvals/:id/deny',
      name: 'deny',
      summary: 'Says no.',
      body: z.strictObject({ reason: REASON, by: BY }).prefault({}),
      answer: APPROVAL,
      handle: async ({ id, body: { by, ...said } }) =>
        withoutBinding(
          await approvals.decide(id, {
            verdict: 'deny',
            by: nameOf(by),
            via: 'rest',
            ...withoutAbsent(said),
          }),
        ),
    }),
  ]
}

function nameOf(by: string | undefined): string {
  return by === undefined ? ADMINISTRATOR : `${ADMINISTRATOR}:${by}`
}

type Present<Given> = { [Key in keyof Given]: Exclude<Given[Key], undefined> }

function withoutAbsent<Given extends object>(given: Given): Present<Given> {
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as Present<Given>
}
