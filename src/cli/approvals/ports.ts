import type { Plan } from '../../config/compile.ts'
import type { ApprovalDecisions } from '../../core/approval-desk.ts'

/** The approvals of a home, in another process than the gateway that asked for them. */
export interface OpenApprovals extends ApprovalDecisions {
  /** Resolves when what was decided is recorded. @throws GatewayError where it could not be */
  readonly close: () => Promise<void>
}

/** What these verbs need beside the ports of all verbs. */
export interface ApprovalPorts {
  /**
   * Opens the approvals in the store of this home; the caller closes them. Nothing where there is no store yet.
   *
   * @throws GatewayError `store_newer`, `store_unusable`
   */
  readonly openApprovals: (plan: Plan | undefined) => Promise<OpenApprovals | undefined>
}
