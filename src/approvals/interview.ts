import type { ApprovalDecisions } from '../core/approval-desk.ts'
import type { Approval } from '../core/approval.ts'
import type { Call } from '../core/call.ts'
import type { CallClient } from '../core/client.ts'
import type { ErrorCode } from '../core/error-table.ts'
import { GatewayError } from '../core/errors.ts'
import type { Clock } from '../core/ports.ts'
import { elicit, type Choice } from './elicitation.ts'
import { toDenied } from './ticket.ts'
import { createTurns } from './turns.ts'

export interface InterviewParts {
  readonly clock: Clock
  /** Takes the grant of a call. @throws GatewayError `approval_denied` */
  readonly take: (call: Call) => Promise<Approval | undefined>
  readonly decide: ApprovalDecisions['decide']
}

/**
 * Asks the person at the client and does what it says. Gives the approval that lets the call through, or nothing where it goes on waiting.
 *
 * Rejects with `approval_denied`, or `call_cancelled` where the call has ended; the approval waits on then.
 */
export type Interview = (call: Call, client: CallClient, approval: Approval) => Promise<Approval | undefined>

/** A client that cannot be asked after all, or that answers with an error. */
const SILENT: readonly ErrorCode[] = ['client_refused', 'client_cannot']

/** The longest that a timer of Node can be set for. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** Begins with nobody asked. */
export function createInterview({ clock, take, decide }: InterviewParts): Interview {
  const turns = createTurns()

  /** Until the time of the approval is over: after that no answer counts. */
  const choose = async (client: CallClient, approval: Approval): Promise<Choice | 'over'> => {
    const leftMs = Math.min(Math.max(0, approval.expiresAtMs - clock.nowMs()), MAX_TIMER_MS)
    let timer: NodeJS.Timeout | undefined
    const over = new Promise<'over'>((resolve) => {
      timer = setTimeout(() => resolve('over'), leftMs)
    })
    try {
      return await Promise.race([elicit(client, approval), over])
    } catch (error) {
      // A client that cannot say anything says neither yes nor no; somebody else may.
      if (error instanceof GatewayError && SILENT.includes(error.code)) return 'later'
      throw error
    } finally {
      clearTimeout(timer)
    }
  }

  const ask = async (call: Call, client: CallClient, approval: Approval): Promise<Approval | undefined> => {
    if (call.signal.aborted)
      throw new GatewayError('call_cancelled', 'The call ended before anybody was asked.')
    // Somebody may have decided while others were asked.
    const given = await take(call)
    if (given !== undefined) return given
    const choice = await choose(client, approval)
    // Whoever turns away may have decided in another place, or somebody else has.
    if (choice === 'later') return take(call)
    if (choice === 'over') throw toDenied(call, 'nobody said yes in time.', approval.id)
    const verdict = choice === 'no' ? 'deny' : 'approve'
    const scope = choice === 'run' ? 'run' : 'call'
    try {
      await decide(approval.id, { verdict, by: call.principal.id, via: 'elicitation', scope })
    } catch (error) {
      // Somebody else was first: then that counts, and a no counts always.
      if (!(error instanceof GatewayError) || error.code !== 'approval_decided') throw error
    }
    if (choice === 'no') throw toDenied(call, 'somebody said no.', approval.id)
    const taken = await take(call)
    if (taken === undefined) throw toDenied(call, 'nobody said yes in time.', approval.id)
    return taken
  }

  return async (call, client, approval) => {
    const { run, principal } = call
    if (run === undefined) return ask(call, client, approval)
    // Waiting for its turn is waiting for a person too.
    const goOn = client.pause?.()
    try {
      return await turns.take(JSON.stringify([principal.id, run.id]), () => ask(call, client, approval))
    } finally {
      goOn?.()
    }
  }
}
