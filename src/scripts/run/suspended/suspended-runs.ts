import type { EffectStore } from '../../../core/approval.ts'
import type { Call } from '../../../core/call.ts'
import type { ErrorCode } from '../../../core/error-table.ts'
import { GatewayError, toGatewayError } from '../../../core/errors.ts'
import type { Json } from '../../../core/json.ts'
import type { Clock, NewId } from '../../../core/ports.ts'
import type { Result } from '../../../core/result.ts'
import type { RunLimits, RunRecord } from '../../../core/run.ts'
import type { NewRun, RunClaim, RunStore } from '../../../core/store.ts'
import { parseRunRecord } from '../../replay/record.ts'
import { fromNotes, toNotes, type MadeCall } from '../calls/made-calls.ts'
import type { RunEnd, Runner, Script } from '../runner.ts'
import { CLAIM_MS } from './held-claim.ts'
import { createKeptRun, type KeptRun, type RunSight } from './kept-run.ts'

/** Runs that may be suspended and go on later, in this process or another one. */
export interface SuspendedRuns {
  readonly start: (call: Call, script: Script) => Promise<Result>
  /** @throws GatewayError `unknown_run` */
  readonly resume: (call: Call, id: string) => Promise<Result>
  /**
   * Goes on with a run of this name that waits, or starts one: for a tool that is called again, and not resumed.
   *
   * @param name says what is run for whom, with which arguments: of two runs of one name each could take the place of the other
   */
  readonly continueOrStart: (call: Call, name: string, script: Script) => Promise<RunEnd>
}

export interface SuspendedRunsParts {
  readonly runner: Runner
  readonly runs: RunStore
  readonly effects: EffectStore
  readonly limits: RunLimits
  readonly clock: Clock
  readonly newId: NewId
}

/** The refusals of single calls are in the record too, beyond what a run may receive. */
const REFUSAL_BYTES = 1_024

/** With this begins the id of a run that goes on when its tool is called again. */
const NAMED = 'saved:'

/** What a run that is kept in the middle of a leg waits for. Once it is suspended, it is told exactly. */
const WAITS = 'A call of it waits for an approval.'

/**
 * Wraps a runner: what is suspended is kept, and taken up again by its owner and by nobody else, once at a time. The owner is the
 * principal, whichever endpoint it comes in by: a run goes on under the rules of the endpoint at which it is resumed.
 */
export function createSuspendedRuns(parts: SuspendedRunsParts): SuspendedRuns {
  const { runner, runs, effects, limits, clock, newId } = parts
  const maxRecordBytes = limits.resultBytes + limits.calls * REFUSAL_BYTES

  const keptRunOf = (call: Call, id: string, script: Script, claim?: RunClaim): KeptRun => {
    const owner = call.principal.id
    const toRun = (sight: RunSight): NewRun => toNewRun(owner, id, script, onlyRecorded(sight), [WAITS])
    return createKeptRun({ runs, effects, clock, owner, id, toRun }, claim)
  }

  /** Keeps, or forgets, what has become of a run at the end of a leg. */
  const settle = async (
    kept: KeptRun,
    owner: string,
    id: string,
    script: Script,
    end: RunEnd,
  ): Promise<RunEnd> => {
    const { outcome, made = [] } = end
    if (outcome?.suspended === undefined) {
      if (isCutOff(end)) await kept.release()
      else await kept.finish()
      return end
    }
    const { record, suspended } = outcome
    try {
      await kept.suspend(toNewRun(owner, id, script, { record, made }, suspended.reasons))
      return end
    } catch (thrown) {
      // Whoever made it has been told that it has ended.
      await kept.finish()
      return { ...end, result: unkept(end, thrown) }
    }
  }

  const perform = async (
    call: Call,
    id: string,
    script: Script,
    kept: KeptRun,
    replay?: RunRecord,
    earlier?: readonly MadeCall[],
  ): Promise<RunEnd> => {
    const signal = AbortSignal.any([call.signal, kept.lost])
    let end: RunEnd
    try {
      end = await runner.run({ ...call, signal }, id, script, replay, earlier, kept)
    } catch (error) {
      // It was not run at all: it may be tried again.
      await kept.release()
      throw error
    }
    return settle(kept, call.principal.id, id, script, end)
  }

  const begin = (call: Call, id: string, script: Script): Promise<RunEnd> =>
    perform(call, id, script, keptRunOf(call, id, script))

  const goOn = async (call: Call, claim: RunClaim, script: Script): Promise<RunEnd> => {
    const { id, record, options } = claim.run
    const kept = keptRunOf(call, id, script, claim)
    const replay = parseRunRecord(record, maxRecordBytes)
    if (replay === undefined) {
      await kept.release()
      throw new GatewayError('replay_diverged', 'The record of the run cannot be read with these limits.')
    }
    return perform(call, id, script, kept, replay, fromNotes(options['made']))
  }

  const claimOf = (call: Call, id: string): Promise<RunClaim | undefined> =>
    runs.claim(call.principal.id, id, clock.nowMs() + CLAIM_MS)

  return {
    start: async (call, script) => (await begin(call, newId(), script)).result,

    async resume(call, id) {
      if (id.startsWith(NAMED))
        throw new GatewayError('unknown_run', 'A saved script goes on when it is called again as it was.')
      const claim = await claimOf(call, id)
      if (claim === undefined) throw await unknownRun(runs, call, id)
      return (await goOn(call, claim, fromStored(claim))).result
    },

    async continueOrStart(call, name, script) {
      const prefix = `${NAMED}${name}:`
      const all = await runs.list(call.principal.id)
      const waiting = all.find(({ id, isClaimed }) => !isClaimed && id.startsWith(prefix))
      const claim = waiting === undefined ? undefined : await claimOf(call, waiting.id)
      if (claim !== undefined) return goOn(call, claim, script)
      return begin(call, `${prefix}${newId()}`, script)
    },
  }
}

/** These ends are not those of the script. */
const CUT_OFF: readonly ErrorCode[] = ['script_cancelled', 'shutting_down']

/** True for a leg that was cut off: where the run is kept, it may be played again without repeating anything. */
function isCutOff({ outcome }: RunEnd): boolean {
  const { failure } = outcome ?? {}
  return failure !== undefined && CUT_OFF.includes(failure.code)
}

/** What has not been answered is made again, or found in the log of effects: it is told of then. */
function onlyRecorded({ record, made }: RunSight): RunSight {
  const keys = new Set(record.turns.flatMap(({ answers }) => answers.map(({ key }) => key)))
  return { record, made: made.filter(({ key }) => keys.has(key)) }
}

function toNewRun(
  owner: string,
  id: string,
  { code, input, isDryRun, check }: Script,
  { record, made }: RunSight,
  reasons: readonly string[],
): NewRun {
  return {
    id,
    owner,
    code,
    ...(input === undefined ? {} : { input }),
    options: { isDryRun, check, made: toNotes(made) },
    record: record as unknown as Json,
    reasons,
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
async function unknownRun(runs: RunStore, { principal }: Call, id: string): Promise<GatewayError> {
  const shown = id.slice(0, 100)
  return (await runs.load(principal.id, id)) === undefined
    ? new GatewayError('unknown_run', `There is no suspended run "${shown}".`)
    : new GatewayError('unknown_run', `The run "${shown}" is being resumed already.`)
}
