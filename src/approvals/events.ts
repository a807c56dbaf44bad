import type { Approval } from '../core/approval.ts'
import type { AuditEvent } from '../core/audit.ts'
import type { Call } from '../core/call.ts'
import { hashOfArguments } from './request.ts'

/** Somebody is asked. */
export function toAsked(approval: Approval, call: Call): AuditEvent {
  const { traceId, standing } = call.trail ?? {}
  return {
    ...about(approval),
    kind: 'approval.asked',
    atMs: approval.createdAtMs,
    parent: call.id,
    door: call.door,
    principal: approval.owner,
    ...(standing?.organisation === undefined ? {} : { organisation: standing.organisation }),
    ...(traceId === undefined ? {} : { traceId }),
    outcome: 'ok',
    detail: { ...whatOf(approval), expiresAtMs: approval.expiresAtMs, fourEyes: approval.fourEyes },
  }
}

/** Somebody has answered. */
export function toDecided(approval: Approval, decision: NonNullable<Approval['decision']>): AuditEvent {
  const isApproved = approval.state !== 'denied'
  const { by, atMs, ...how } = decision
  return {
    ...about(approval),
    kind: 'approval.decided',
    atMs,
    principal: by,
    outcome: isApproved ? 'ok' : 'refused',
    ...(isApproved ? {} : { code: 'approval_denied' }),
    detail: { ...whatOf(approval), ...how, owner: approval.owner },
  }
}

/** Nobody has answered in time. */
export function toExpired(approval: Approval, atMs: number): AuditEvent {
  return {
    ...about(approval),
    kind: 'approval.expired',
    atMs,
    principal: approval.owner,
    outcome: 'refused',
    code: 'approval_denied',
    detail: whatOf(approval),
  }
}

function about({ id, team, subject, rule }: Approval) {
  return {
    id,
    approval: id,
    verdict: 'ask',
    rule,
    ...(team === undefined ? {} : { team }),
    ...(subject.kind === 'call' ? { tool: subject.tool, argumentsHash: hashOfArguments(subject.args) } : {}),
  } as const
}

/** No arguments: whether they are kept in the audit is not decided here. */
function whatOf({ subject }: Approval) {
  if (subject.kind === 'plan')
    return { subject: 'plan', plan: subject.hash, codeHash: subject.codeHash, calls: subject.effects.length }
  const { run } = subject
  return { subject: 'call', ...(run === undefined ? {} : { run: run.id, codeHash: run.codeHash }) }
}
