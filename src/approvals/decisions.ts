import type { ApprovalDecisions, Decision } from '../core/approval-desk.ts'
import type { Approval, ApprovalStore } from '../core/approval.ts'
import type { Audit, AuditEvent } from '../core/audit.ts'
import { GatewayError } from '../core/errors.ts'
import type { Clock } from '../core/ports.ts'
import { toStoredDecision } from './decision.ts'
import { toDecided } from './events.ts'
import { toShort } from './shown.ts'

/** What decisions are made with. */
export interface DecisionParts {
  readonly store: ApprovalStore
  readonly settings: () => { readonly fourEyes: boolean }
  readonly clock: Clock
  /** What is decided is on its record when it is told. Absent: it is only noted. */
  readonly audit?: Pick<Audit, 'record' | 'requireReady'>
  readonly note: (event: AuditEvent) => void
}

const ID = /^a_[A-Za-z0-9_-]{20}$/
const MAX_COVERED = 1_000

/**
 * Looks at approvals and decides them. Holds nothing: it may be made in any process that has the store. Nothing is decided where it
 * cannot be recorded (`audit_unavailable`); a decision whose record fails after it was made holds all the same.
 */
export function createDecisions({ store, settings, clock, audit, note }: DecisionParts): ApprovalDecisions {
  const load = async (id: string): Promise<Approval> => {
    const approval = ID.test(id) ? await store.load(id) : undefined
    if (approval === undefined)
      throw new GatewayError('unknown_approval', `There is no approval "${toShort(id, 100)}".`)
    return approval
  }

  /** @returns nothing where somebody else was first, or its time was over */
  const write = async (approval: Approval, decision: Decision): Promise<Approval | undefined> => {
    const { fourEyes } = settings()
    const kept = toStoredDecision(approval, decision, fourEyes, Math.floor(clock.nowMs()))
    const state = decision.verdict === 'approve' ? 'approved' : 'denied'
    audit?.requireReady('strict')
    if (!(await store.decide(approval.id, state, kept))) return undefined
    const written = { ...approval, state, decision: kept } as const
    const event = toDecided(written, kept)
    if (audit === undefined) note(event)
    else await audit.record(event)
    return written
  }

  /** What else waits in the run for the same word need not wait for a word of its own. */
  const cover = async ({ id, owner, subject, binding }: Approval, decision: Decision): Promise<void> => {
    if (subject.kind !== 'call' || subject.run === undefined) return
    const waiting = await store.list({ owner, run: subject.run.id, state: 'pending', limit: MAX_COVERED })
    for (const other of waiting) {
      if (other.subject.kind !== 'call' || other.subject.tool !== subject.tool) continue
      if (other.binding !== binding) continue
      await write(other, { ...decision, scope: 'call', reason: `As ${id}.` })
    }
  }

  return {
    list: (query) => store.list(query),
    load,
    async decide(id, decision) {
      const approval = await load(id)
      if (approval.state !== 'pending') throw decided(approval)
      const written = await write(approval, decision)
      if (written === undefined) throw decided(await load(id))
      if (decision.scope === 'run' && decision.verdict === 'approve') await cover(written, decision)
      return written
    },
  }
}

function decided({ id, state, decision }: Approval): GatewayError {
  const said = {
    pending: 'expired',
    expired: 'expired',
    denied: 'denied',
    approved: 'approved',
    used: 'approved',
  }
  const by = decision === undefined ? '' : ` by ${toShort(decision.by, 100)} (${decision.via})`
  return new GatewayError('approval_decided', `The approval ${id} is ${said[state]}${by} already.`, {
    detail: { approval: id, state },
  })
}
