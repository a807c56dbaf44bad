import type { Approval } from '../core/approval.ts'
import type { Call } from '../core/call.ts'
import { GatewayError } from '../core/errors.ts'
import { toShort } from './shown.ts'

const MAX_TOOL_CHARS = 200

/** What a caller is told whose call waits: what, its id, and how it goes on. */
export function toPending({ id, subject, expiresAtMs }: Approval, { run }: Call): GatewayError {
  const tool = subject.kind === 'call' ? toShort(subject.tool, MAX_TOOL_CHARS) : 'The plan'
  // Of a run it is told elsewhere how it goes on.
  const next = run === undefined ? '; then make the same call again' : ''
  return new GatewayError(
    'approval_pending',
    `${tool} waits for the approval ${id}, until ${new Date(expiresAtMs).toISOString()}: \`isogate approvals approve ${id}\`${next}.`,
    { detail: { approval: id, expiresAtMs } },
  )
}

/** What a caller is told to whom somebody said no, or nobody anything. */
export function toDenied(call: Call, why: string, approval?: string): GatewayError {
  const name = toShort(`${call.tool.server}.${call.tool.name}`, MAX_TOOL_CHARS)
  const detail = approval === undefined ? {} : { approval }
  return new GatewayError('approval_denied', `${name} was not approved: ${why}`, { detail })
}
