import type { Selectable } from 'kysely'

import type { Approval, ApprovalState, ApprovalSubject } from '../../core/approval.ts'
import type { Seal } from '../../core/seal.ts'
import { placeOf } from '../sealing.ts'
import type { ApprovalTable } from './tables.ts'

export type ApprovalRow = Selectable<ApprovalTable>

/** What an approval is found again by, when the same is asked once more. */
export type Identity = Pick<
  ApprovalRow,
  'owner' | 'kind' | 'hash' | 'codeHash' | 'runId' | 'runKey' | 'binding'
>

export function identityOf({ owner, subject, binding }: Approval): Identity {
  const { kind, hash } = subject
  if (subject.kind === 'plan')
    return { owner, kind, hash, binding, codeHash: subject.codeHash, runId: '', runKey: '' }
  const { id = '', key = '', codeHash = '' } = subject.run ?? {}
  return { owner, kind, hash, binding, codeHash, runId: id, runKey: key }
}

/** The approval of a row. @throws GatewayError `sealed` */
export function fromApprovalRow(row: ApprovalRow, seal: Seal): Approval {
  const { id, owner, team, binding, rule, createdAtMs, expiresAtMs, decision } = row
  return {
    id,
    state: row.state as ApprovalState,
    owner,
    ...(team === null ? {} : { team }),
    subject: JSON.parse(seal.open(row.subject, placeOf('approval.subject', id))) as ApprovalSubject,
    binding,
    rule,
    createdAtMs,
    expiresAtMs,
    fourEyes: row.fourEyes === 1,
    ...(decision === null ? {} : { decision: JSON.parse(decision) as NonNullable<Approval['decision']> }),
  }
}

/** @param subject its JSON */
export function toApprovalRow(approval: Approval, subject: string, seal: Seal): ApprovalRow {
  const { id, state, team, rule, createdAtMs, expiresAtMs, decision } = approval
  return {
    ...identityOf(approval),
    id,
    team: team ?? null,
    state,
    tool: approval.subject.kind === 'call' ? approval.subject.tool : '',
    rule,
    createdAtMs: Math.floor(createdAtMs),
    expiresAtMs: Math.floor(expiresAtMs),
    fourEyes: approval.fourEyes ? 1 : 0,
    scope: decision?.scope ?? '',
    bytes: Buffer.byteLength(subject),
    decision: decision === undefined ? null : JSON.stringify(decision),
    subject: seal.seal(subject, placeOf('approval.subject', id)),
  }
}
