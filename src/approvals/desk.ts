import { hash as hashOf } from 'node:crypto'

import type { ApprovalsPlan } from '../config/schema/approvals.ts'
import type { ApprovalDecisions, ApprovalGate, RunApprovals } from '../core/approval-desk.ts'
import type {
  Approval,
  ApprovalState,
  ApprovalStore,
  ApprovalSubject,
  GrantRequest,
} from '../core/approval.ts'
import type { Audit, AuditEvent } from '../core/audit.ts'
import type { Call } from '../core/call.ts'
import { GatewayError } from '../core/errors.ts'
import type { Clock } from '../core/ports.ts'
import type { ToolRef } from '../core/tool.ts'
import { toBinding, type Ground } from './binding.ts'
import { createDecisions } from './decisions.ts'
import { canBeElicited } from './elicitation.ts'
import { toAsked, toExpired } from './events.ts'
import { createInterview } from './interview.ts'
import { toGrantRequest, toPlannedEffect } from './request.ts'
import { toDenied, toPending } from './ticket.ts'

/** What the desk works with. */
export interface ApprovalParts {
  readonly store: ApprovalStore
  /** The section `approvals` of the configuration that is at work. */
  readonly settings: () => ApprovalsPlan
  /** What stands behind a tool at this moment. */
  readonly groundOf: (tool: ToolRef) => Ground
  readonly clock: Clock
  /** That many unguessable bytes: `randomBytes` of node:crypto. */
  readonly random: (bytes: number) => Buffer
  /** Where decisions are recorded, before they are told. Absent: they are only noted. */
  readonly audit?: Pick<Audit, 'record' | 'requireReady'>
  /** Where everything else that happens is recorded: `audit.note`. */
  readonly note: (event: AuditEvent) => void
  /** Hears of each approval that waits from now on. Must not wait nor throw. */
  readonly onAsked?: (approval: Approval) => void
}

/** Everything about approvals. */
export interface ApprovalDesk extends ApprovalGate, ApprovalDecisions, RunApprovals {
  /** Ends the approvals whose time is over; it is done from time to time anyway. Never throws. */
  readonly expire: () => Promise<void>
  /** Stops the timer. */
  readonly close: () => void
}

const EXPIRE_EVERY_MS = 5_000
const MAX_LISTED = 1_000
/** What a run has done so far: so many lines of it are shown. */
const MAX_DONE = 200
const NO: readonly ApprovalState[] = ['denied', 'expired']
/** `a_` and 20 characters of base64url. */
const ID_BYTES = 15

/** Opens the desk. All that is known is in the store: another process, or this one after its end, goes on with it. */
export function createApprovalDesk(parts: ApprovalParts): ApprovalDesk {
  const { store, settings, clock, note } = parts
  const decisions = createDecisions(parts)
  const bindingOf = (tool: ToolRef): string => toBinding(parts.groundOf(tool))

  /** @throws GatewayError `approval_denied` */
  const take = async (call: Call): Promise<Approval | undefined> => {
    const request = toGrantRequest(call, bindingOf(call.tool), clock.nowMs())
    const granted = await store.take(request)
    if (granted !== 'denied') return granted
    const no = await denialOf(request)
    const why =
      no?.state === 'expired' ? 'nobody said yes in time.' : (no?.decision?.reason ?? 'somebody said no.')
    throw toDenied(call, why, no?.id)
  }

  /** The no that stands against it. */
  const denialOf = async ({ owner, hash, run }: GrantRequest): Promise<Approval | undefined> => {
    const ofRun = run === undefined ? {} : { run: run.id }
    const said = await store.list({ owner, ...ofRun, limit: MAX_LISTED })
    return said.find(({ subject, state }) => subject.hash === hash && NO.includes(state))
  }

  /** Writes it, unless the same one waits already. */
  const ask = async (
    call: Call,
    subject: ApprovalSubject,
    binding: string,
    rule: string,
  ): Promise<Approval> => {
    const { ttlMs, fourEyes } = settings()
    const nowMs = Math.floor(clock.nowMs())
    const team = call.trail?.standing?.team
    const own: Approval = {
      id: `a_${parts.random(ID_BYTES).toString('base64url')}`,
      state: 'pending',
      owner: call.principal.id,
      ...(team === undefined ? {} : { team }),
      subject,
      binding,
      rule,
      createdAtMs: nowMs,
      expiresAtMs: nowMs + ttlMs,
      fourEyes,
    }
    const kept = await store.ask(own)
    if (kept.id === own.id) {
      note(toAsked(kept, call))
      parts.onAsked?.(kept)
    }
    return kept
  }

  const interview = createInterview({ clock, take, decide: decisions.decide })

  const expire = async (): Promise<void> => {
    try {
      const nowMs = Math.floor(clock.nowMs())
      for (const approval of await store.expire(nowMs)) note(toExpired(approval, nowMs))
    } catch {
      // The store fails for a moment. What is over grants nothing all the same, and the next round marks it.
    }
  }
  const timer = setInterval(() => void expire(), EXPIRE_EVERY_MS).unref()

  return {
    ...decisions,
    async seek(call) {
      const granted = await take(call)
      if (granted !== undefined) return granted
      // The run is kept before anybody can know of the approval.
      const goOn = await call.run?.wait?.()
      const { tool, hash, binding } = toPlannedEffect(call, bindingOf(call.tool))
      const { run, args } = call
      const ofRun =
        run === undefined
          ? {}
          : { run: { id: run.id, key: run.key, codeHash: run.codeHash, done: lastOf(run.done()) } }
      const subject = { kind: 'call', tool, args, hash, ...ofRun } as const
      const approval = await ask(call, subject, binding, call.trail?.rule ?? '')
      const { elicitation, fourEyes } = settings()
      const { client } = call
      if (elicitation && !fourEyes && !approval.fourEyes && canBeElicited(client)) {
        const given = await interview(call, client, approval)
        if (given !== undefined) {
          await goOn?.()
          return given
        }
      }
      throw toPending(approval, call)
    },
    toEffect: (call) => toPlannedEffect(call, bindingOf(call.tool)),
    askPlan(call, { hash, codeHash, effects, rule }) {
      // What counts is the binding of each tool; that of the whole says only that none of them was another.
      const binding = hashOf('sha256', effects.map((effect) => effect.binding).join(), 'hex')
      return ask(call, { kind: 'plan', hash, codeHash, effects }, binding, rule)
    },
    async decideRun(owner, run, isApproved) {
      const { resume, fourEyes } = settings()
      if (!resume || fourEyes)
        throw new GatewayError(
          'approval_forbidden',
          '`approve` of run_script does not decide here (`approvals.resume`).',
        )
      const verdict = isApproved ? 'approve' : 'deny'
      for (const { id } of await store.list({ owner, run, state: 'pending', limit: MAX_LISTED }))
        await decisions.decide(id, { verdict, by: owner, via: 'resume' })
    },
    expire,
    close: () => clearInterval(timer),
  }
}

function lastOf(done: readonly string[]): readonly string[] {
  const before = done.length - MAX_DONE
  return before <= 0 ? done : [`and ${before} before that`, ...done.slice(before)]
}
