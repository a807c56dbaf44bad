import type { ApprovalDecisions } from './core/approval-desk.ts'
import type { AuditEvent } from './core/audit.ts'
import type { Store } from './core/store.ts'
import { createDecisions } from './approvals/decisions.ts'
import { toBody } from './audit/event-text.ts'

/**
 * The approvals of a store in a process that has no gateway. What is decided is appended to the chain of the audit, which a gateway signs;
 * `close` waits for that, and closes the store.
 */
export function openHomeApprovals(
  store: Pick<Store, 'approvals' | 'audit' | 'close'>,
  settings: { readonly fourEyes: boolean },
): ApprovalDecisions & { readonly close: () => Promise<void> } {
  const writing: Promise<unknown>[] = []
  const note = (event: AuditEvent): void => {
    const written = store.audit.append([toBody(event)])
    // It is looked at when all is closed.
    written.catch(() => {})
    writing.push(written)
  }
  const clock = { nowMs: Date.now, monotonicMs: () => performance.now() }
  const decisions = createDecisions({ store: store.approvals, settings: () => settings, clock, note })
  return {
    ...decisions,
    async close() {
      try {
        await Promise.all(writing)
      } finally {
        await store.close()
      }
    },
  }
}
