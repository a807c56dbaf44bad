import type { Call } from '../../../core/call.ts'
import type { ErrorCode } from '../../../core/error-table.ts'
import { GatewayError, toGatewayError } from '../../../core/errors.ts'
import type { Json } from '../../../core/json.ts'
import type { Clock, NewId } from '../../../core/ports.ts'
import type { Result } from '../../../core/result.ts'
import type { RunLimits } from '../../../core/run.ts'
import type { NewRun, RunClaim, RunStore } from '../../../core/store.ts'
import { parseRunRecord } from '../../replay/record.ts'
import { CLAIM_MS, holdClaim } from './held-claim.ts'
import { fromNotes, toNotes } from '../calls/made-calls.ts'
import type { RunEnd, Runner, Script } from '../runner.ts'

/** Runs that may be suspended and go on later, in this process or another one. */
export interface SuspendedRuns {
  readonly start: (call: Call, script: Script) => Promise<Result>
  /** @throws GatewayError `unknown_run` */
  readonly resume: (call: Call, id: string) => Promise<Result>
}

export interface SuspendedRunsParts {
  readonly runner: Runner
  readonly runs: RunStore
  readonly limits: RunLimits
  readonly clock: Clock
  readonly newId: NewId
}

/** The refusals of single calls are in the record too, beyond what a run may receive. */
const REFUSAL_BYTES = 1_024

/**
 * Wraps a runner: what is suspended is kept, and taken up again by its owner and by nobody else, once at a time. The owner is the
 * principal, whichever endpoint it comes in by: a run goes on under the rules of the endpoint at which it is resumed.
 */
export function createSuspendedRuns(parts: SuspendedRunsParts): SuspendedRuns {
  const { runner, runs, limits, clock, newId } = parts
  const maxRecordBytes = limits.resultBytes + limits.calls * REFUSAL_BYTES

  return {
    async start(call, script) {
      const id = newId()
      const end = await runner.run(call, id, script)
      const stored = toStored(call, id, script, end)
      if (stored === undefined) return end.result
      try {
        runs.save(stored)
        return end.result
      } catch (thrown) {
        return unkept(end, thrown)
      }
    },

    async resume(call, id) {
      const claim = runs.claim(call.principal.id, id, clock.nowMs() + CLAIM_MS)
      if (claim === undefined) throw unknownRun(runs, call, id)
      const held = holdClaim(runs, claim, clock, call.signal)
      const script = fromStored(claim)
      const replay = parseRunRecord(claim.run.record, maxRecordBytes)
      if (replay === undefined) {
        held.release()
        throw new GatewayError('replay_diverged', 'The record of the run cannot be read with these limits.')
      }
      const earlier = fromNotes(claim.run.options['made'])
      let end: RunEnd
      try {
        end = await runner.run({ ...call, signal: held.signal }, id, script, replay, earlier)
      } catch (error) {
        // It was not run at all: it may be tried again.
        held.release()
        throw error
      }
      const stored = toStored(call, id, script, end)
      if (stored === undefined) {
        if (isUntouched(end, earlier.length)) held.release()
        else held.finish()
        return end.result
      }
      try {
        if (held.update(stored)) return end.result
        throw new GatewayError('unknown_run', 'The run was taken away while it went on.')
      } catch (thrown) {
        // As it is kept it knows nothing of this leg: who resumed it would make the calls of this leg once more.
        held.finish()
        return unkept(end, thrown)
      }
    },
  }
}

/** These ends are not those of the script. */
const CUT_SHORT: readonly ErrorCode[] = ['script_cancelled', 'shutting_down']

/** True for a leg that was cut short before it called anything that may have had an effect: it may be tried again. */
function isUntouched({ outcome, made = [] }: RunEnd, earlierCalls: number): boolean {
  const { failure } = outcome ?? {}
  if (failure === undefined || !CUT_SHORT.includes(failure.code)) return false
  return made.slice(earlierCalls).every((call) => call.isReadOnly || call.outcome === 'simulated')
}

/** What is kept of a run that waits; undefined for one that has ended. */
function toStored(
  call: Call,
  id: string,
  script: Script,
  { outcome, made = [] }: RunEnd,
): NewRun | undefined {
  if (outcome?.suspended === undefined) return undefined
  const { code, input, isDryRun, check } = script
  return {
    id,
    owner: call.principal.id,
    code,
    ...(input === undefined ? {} : { input }),
    options: { isDryRun, check, made: toNotes(made) },
    record: outcome.record as unknown as Json,
    reasons: outcome.suspended.reasons,
  }
}

function fromStored({ run: { code, input, options } }: RunClaim): Script {
  return {
    code,
    ...(input === undefined ? {} : { input }),
    isDryRun: options['isDryRun'] === true,
    // It was checked when it was submitted.
    check: 'off',
  }
}

/** A run that cannot wait has ended, and whoever made it has to know which of its calls took effect. */
function unkept({ result, asFailed }: RunEnd, thrown: unknown): Result {
  const { code, message } = toGatewayError(thrown)
  return asFailed?.({ code, message: `The run would have to wait and cannot be kept: ${message}` }) ?? result
}

/** One that somebody resumes at this moment is there, and its own caller may know that. */
function unknownRun(runs: RunStore, { principal }: Call, id: string): GatewayError {
  const shown = id.slice(0, 100)
  return runs.load(principal.id, id) === undefined
    ? new GatewayError('unknown_run', `There is no suspended run "${shown}".`)
    : new GatewayError('unknown_run', `The run "${shown}" is being resumed already.`)
}
