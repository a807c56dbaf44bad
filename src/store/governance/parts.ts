import type { ApprovalStore, EffectStore } from '../../core/approval.ts'
import type { AuditStore } from '../../core/audit.ts'
import type { BudgetStore } from '../../core/budget-store.ts'
import type { IdentityStore } from '../../core/identity.ts'
import type { PartPorts } from '../ports.ts'
import { createStatementWriter } from './audit/statement-writer.ts'
import { createAuditStore } from './audit/store.ts'
import { createThreadWriter } from './audit/thread-writer.ts'
import { createApprovals } from './approvals.ts'
import { createBudgets } from './budgets.ts'
import { createEffects } from './effects.ts'
import { createIdentity } from './identity.ts'

export interface GovernanceParts {
  readonly identity: IdentityStore
  readonly approvals: ApprovalStore
  readonly effects: EffectStore
  readonly budgets: BudgetStore
  readonly audit: AuditStore
}

/** What the store keeps of who may call, approvals, effects, budgets and the audit. `audit.close` ends a thread. */
export function createGovernanceParts(ports: PartPorts): GovernanceParts {
  // A file is written by a thread, because the disk is slow. Several connections to one store in memory cannot be.
  const writer = ports.path === undefined ? createStatementWriter(ports) : createThreadWriter(ports.path)
  return {
    identity: createIdentity(ports),
    approvals: createApprovals(ports),
    effects: createEffects(ports),
    budgets: createBudgets(ports),
    audit: createAuditStore(ports, writer),
  }
}
