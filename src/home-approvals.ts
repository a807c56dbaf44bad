import type { ApprovalDecisions } from './core/approval-desk.ts'
import type { Audit } from './core/audit.ts'
import type { Store } from './core/store.ts'
import { createDecisions } from './approvals/decisions.ts'
import { toBody } from './audit/event-text.ts'

/** What holds for the approvals of a home. */
export interface HomeApprovalSettings {
  readonly fourEyes: boolean
  /** `audit.enabled`. False: nothing is recorded. */
  readonly isAudited: boolean
}

/**
 * The approvals of a store in a process that has no gateway. What is decided is appended to the chain of the audit, which a gateway signs,
 * before `decide` resolves. `close` closes the store.
 */
export function openHomeApprovals(
  store: Pick<Store, 'approvals' | 'audit' | 'close'>,
  settings: HomeApprovalSettings,
): ApprovalDecisions & { readonly close: () => Promise<void> } {
  const audit: Pick<Audit, 'record' | 'requireReady'> = {
    requireReady: () => {},
    record: async (event) => void (await store.audit.append([toBody(event)])),
  }
  const decisions = createDecisions({
    store: store.approvals,
    settings: () => settings,
    clock: { nowMs: Date.now, monotonicMs: () => performance.now() },
    note: () => {},
    ...(settings.isAudited ? { audit } : {}),
  })
  return { ...decisions, close: () => store.close() }
}
