import type { ApprovalsPlan } from '../../config/schema/approvals.ts'
import type { ApprovalDecisions, Decision } from '../../core/approval-desk.ts'
import type { Approval } from '../../core/approval.ts'
import { GatewayError } from '../../core/errors.ts'
import { isJsonObject, type JsonObject } from '../../core/json.ts'
import type { Clock } from '../../core/ports.ts'
import { verifySignature } from './signature.ts'

export interface SignedAnswerParts {
  readonly decide: ApprovalDecisions['decide']
  readonly settings: () => Pick<ApprovalsPlan, 'webhook'>
  readonly clock: Clock
}

/**
 * Takes the answer of a webhook's receiver: `{ "id", "decision": "approve" | "deny", "by"?, "scope"?, "reason"?, "atMost"? }`, signed as what it
 * was sent. An answer that is sent twice finds its approval decided.
 *
 * @param body as it came, byte for byte
 * @param header `isogate-signature`
 * @param id of the address; another one in the body is refused
 * @throws GatewayError `approval_forbidden` where the signature is none, `invalid_arguments`, and as `decide`
 */
export type DecideBySignedAnswer = (
  body: string,
  header: string | undefined,
  id?: string,
) => Promise<Approval>

const MEMBERS = ['id', 'decision', 'by', 'scope', 'reason', 'atMost']
const SCOPES = ['call', 'run', 'plan'] as const

/** Without a webhook in the configuration every answer is refused. */
export function createSignedAnswers({ decide, settings, clock }: SignedAnswerParts): DecideBySignedAnswer {
  return async (body, header, id) => {
    const { webhook } = settings()
    if (webhook === undefined || !verifySignature(webhook.secret, body, header, clock.nowMs()))
      throw new GatewayError('approval_forbidden', 'The answer is not signed as it has to be.')
    const answer = parse(body)
    const named = answer['id']
    if (typeof named !== 'string' || (id !== undefined && id !== named))
      throw wrong('`id` has to be that of the approval.')
    return decide(named, toDecision(answer))
  }
}

function parse(body: string): JsonObject {
  try {
    const answer: unknown = JSON.parse(body)
    if (isJsonObject(answer)) return answer
  } catch {
    // Not JSON: the same as another value.
  }
  throw wrong('The answer has to be a JSON object.')
}

function toDecision(answer: JsonObject): Decision {
  const { decision, by, scope, reason, atMost } = answer
  const stranger = Object.keys(answer).find((name) => !MEMBERS.includes(name))
  if (stranger !== undefined) throw wrong(`There is no member "${stranger.slice(0, 100)}".`)
  if (decision !== 'approve' && decision !== 'deny') throw wrong('`decision` is "approve" or "deny".')
  const known = SCOPES.find((each) => each === scope)
  if (scope !== undefined && known === undefined) throw wrong('`scope` is "call", "run" or "plan".')
  if (by !== undefined && (typeof by !== 'string' || by === '')) throw wrong('`by` is a text.')
  if (reason !== undefined && typeof reason !== 'string') throw wrong('`reason` is a text.')
  return {
    verdict: decision,
    via: 'webhook',
    by: by ?? 'webhook',
    ...(known === undefined ? {} : { scope: known }),
    ...(reason === undefined ? {} : { reason }),
    ...(atMost === undefined ? {} : { atMost: toCounts(atMost) }),
  }
}

function toCounts(atMost: unknown): Readonly<Record<string, number>> {
  if (!isJsonObject(atMost)) throw wrong('`atMost` maps globs to numbers.')
  return Object.fromEntries(
    Object.entries(atMost).map(([glob, count]) => {
      if (typeof count !== 'number') throw wrong('`atMost` maps globs to numbers.')
      return [glob, count]
    }),
  )
}

function wrong(message: string): GatewayError {
  return new GatewayError('invalid_arguments', message)
}
