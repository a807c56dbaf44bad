import type { RunApprovals } from '../../core/approval-desk.ts'
import type { Call } from '../../core/call.ts'
import type { MadeCall } from './calls/made-calls.ts'
import { codeHashOf, toAskedEffects, type Plan } from './effects.ts'
import type { RunReport } from './report.ts'

/** Puts the plan of a dry run up for approval. Nothing where no call of it needs one, or where nobody is asked. */
export async function askForPlan(
  approvals: Pick<RunApprovals, 'askPlan'> | undefined,
  call: Call,
  code: string,
  plan: Plan,
  made: readonly MadeCall[],
): Promise<RunReport['approval']> {
  const effects = toAskedEffects(made)
  if (approvals === undefined || effects.length === 0) return undefined
  const rule = made.find(({ asks }) => asks !== undefined)?.asks?.rule ?? ''
  const { id } = await approvals.askPlan(call, {
    hash: plan.hash,
    codeHash: codeHashOf(code),
    effects,
    rule,
  })
  return { id, calls: effects.length }
}
