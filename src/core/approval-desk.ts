import type { Approval, ApprovalQuery, GrantScope, PlannedEffect } from './approval.ts'
import type { Call } from './call.ts'

/** What somebody says about an approval. */
export interface Decision {
  readonly verdict: 'approve' | 'deny'
  /** Who says it: the id of a principal, `cli`, or what an admin or a webhook says of itself. */
  readonly by: string
  readonly via: NonNullable<Approval['decision']>['via']
  /** Absent: the call, or the plan. */
  readonly scope?: GrantScope
  readonly reason?: string
  /** Of a plan: globs over `server.tool` and how often. */
  readonly atMost?: Readonly<Record<string, number>>
}

/** The plan of a dry run, as far as it needs an approval. */
export interface PlanToApprove {
  /** The hash that the dry run gave. */
  readonly hash: string
  readonly codeHash: string
  readonly effects: readonly PlannedEffect[]
  /** The first rule that asked. */
  readonly rule: string
}

/** Where approvals are looked at and decided. */
export interface ApprovalDecisions {
  readonly list: (query: ApprovalQuery) => Promise<readonly Approval[]>
  /** @throws GatewayError `unknown_approval` */
  readonly load: (id: string) => Promise<Approval>
  /**
   * Decides one, once. With scope `run`, other calls of the same tool that wait in the run are decided with it.
   *
   * @returns it as it is then
   * @throws GatewayError `unknown_approval`, `approval_decided`, `approval_forbidden`, `invalid_arguments`
   */
  readonly decide: (id: string, decision: Decision) => Promise<Approval>
}

/** What scripts need of approvals. */
export interface RunApprovals {
  /** Puts up a plan. @returns the approval that waits, or one that waited for the same plan already */
  readonly askPlan: (call: Call, plan: PlanToApprove) => Promise<Approval>
  /**
   * What the owner of a run says, with `approve` of `run_script`, about everything for which the run waits.
   *
   * @throws GatewayError `approval_forbidden` where the configuration does not leave that to it
   */
  readonly decideRun: (owner: string, run: string, isApproved: boolean) => Promise<void>
}

/** Lets calls through that need an approval. */
export interface ApprovalGate {
  /**
   * Finds the approval for a call, or asks for one; where the client of the call can be asked, it waits for the answer.
   *
   * @throws GatewayError `approval_pending`, with the id as `approval` in its detail; `approval_denied`
   */
  readonly seek: (call: Call) => Promise<Approval>
  /** The call as it would stand in a plan. */
  readonly toEffect: (call: Call) => PlannedEffect
}
