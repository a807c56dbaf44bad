import type { ApprovalDecisions } from '../../core/approval-desk.ts'
import { GatewayError } from '../../core/errors.ts'
import { findPlan } from '../found-plan.ts'
import type { CliPorts } from '../ports.ts'

/** Who decides from a command line. */
export const CLI_DECIDER = { by: 'cli', via: 'cli' } as const

/** Opens the approvals, does the work, and closes them. @throws GatewayError `not_there` where there is no store */
export async function withApprovals<T>(
  ports: CliPorts,
  config: string | undefined,
  work: (approvals: ApprovalDecisions) => Promise<T>,
): Promise<T> {
  const approvals = await ports.openApprovals(await findPlan(ports, config))
  if (approvals === undefined)
    throw new GatewayError('not_there', 'There is no store yet, so nothing waits for an approval.')
  let done: T
  try {
    done = await work(approvals)
  } catch (error) {
    // What went wrong first is what is told.
    await approvals.close().catch(() => {})
    throw error
  }
  await approvals.close()
  return done
}
