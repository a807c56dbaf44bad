import type { Approval, GrantScope } from '../core/approval.ts'
import type { Decision } from '../core/approval-desk.ts'
import { GatewayError } from '../core/errors.ts'

const MAX_NAME_CHARS = 256
const MAX_REASON_CHARS = 1_000
const MAX_GLOBS = 32
const MAX_TIMES = 10_000

/** Those who decide for themselves: the person at the client, or whoever holds the credential of the run. */
const OWN_WAYS: readonly Decision['via'][] = ['elicitation', 'resume']

/**
 * The decision as it is kept, where it may be made and fits what was asked.
 *
 * @param fourEyes of the configuration now: what was asked before it became stricter is decided by it too
 * @throws GatewayError `approval_forbidden`, `invalid_arguments`
 */
export function toStoredDecision(
  approval: Approval,
  decision: Decision,
  fourEyes: boolean,
  atMs: number,
): NonNullable<Approval['decision']> {
  requireRight(approval, decision, approval.fourEyes || fourEyes)
  const { by, via, reason, atMost } = decision
  if (by === '' || by.length > MAX_NAME_CHARS) throw wrong('Who decides has no name, or a very long one.')
  if (reason !== undefined && reason.length > MAX_REASON_CHARS)
    throw wrong(`A reason has at most ${MAX_REASON_CHARS} characters.`)
  const scope = scopeOf(approval, decision)
  if (atMost !== undefined) requireCounts(atMost, scope)
  return {
    by,
    via,
    atMs,
    scope,
    ...(reason === undefined ? {} : { reason }),
    ...(atMost === undefined ? {} : { atMost: { ...atMost } }),
  }
}

function requireRight({ owner }: Approval, { by, via }: Decision, fourEyes: boolean): void {
  const isOwn = by === owner
  if (OWN_WAYS.includes(via) && !isOwn)
    throw new GatewayError('approval_forbidden', 'The call that waits is of somebody else.')
  if (fourEyes && isOwn)
    throw new GatewayError('approval_forbidden', 'Nobody decides about a call of their own here.')
}

function scopeOf({ subject }: Approval, { scope }: Decision): GrantScope {
  if (subject.kind === 'plan') {
    if (scope !== undefined && scope !== 'plan')
      throw wrong('A plan is approved as a whole: its scope is `plan`.')
    return 'plan'
  }
  if (scope === 'plan') throw wrong('It is about one call, and no plan.')
  if (scope === 'run' && subject.run === undefined) throw wrong('It is no call of a run.')
  return scope ?? 'call'
}

function requireCounts(atMost: Readonly<Record<string, number>>, scope: GrantScope): void {
  if (scope !== 'plan') throw wrong('Only a plan can be given further calls.')
  const counts = Object.entries(atMost)
  if (counts.length > MAX_GLOBS) throw wrong(`At most ${MAX_GLOBS} globs can be given further calls.`)
  for (const [glob, count] of counts) {
    if (glob === '' || glob.length > MAX_NAME_CHARS) throw wrong('A glob is empty or very long.')
    if (!Number.isInteger(count) || count < 1 || count > MAX_TIMES)
      throw wrong(`How often is a whole number from 1 to ${MAX_TIMES}.`)
  }
}

function wrong(message: string): GatewayError {
  return new GatewayError('invalid_arguments', message)
}
