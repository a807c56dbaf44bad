import type { Call } from '../../core/call.ts'
import { GatewayError } from '../../core/errors.ts'
import type { Json } from '../../core/json.ts'
import type { Clock, NewId } from '../../core/ports.ts'
import type { Result } from '../../core/result.ts'
import type { RunOutcome, RunRecord } from '../../core/run.ts'
import type { NewRun, RunClaim, RunStore } from '../../core/store.ts'
import type { Runner, Script } from './runner.ts'

/** Runs that may be suspended and go on later, in this process or another one. */
export interface SuspendedRuns {
  readonly start: (call: Call, script: Script) => Promise<Result>
  /** @throws GatewayError `unknown_run` */
  readonly resume: (call: Call, id: string) => Promise<Result>
}

/** How long a claim holds without being renewed: so long nobody else can resume a run whose process has died. */
const CLAIM_MS = 60_000
const RENEW_MS = 20_000

/** Wraps a runner: what is suspended is kept, and taken up again by its owner and by nobody else, once at a time. */
export function createSuspendedRuns(
  runner: Runner,
  runs: RunStore,
  clock: Clock,
  newId: NewId,
): SuspendedRuns {
  const untilMs = (): number => clock.nowMs() + CLAIM_MS

  /** Holds a claim for as long as the work takes. */
  const holding = async <Done>(claim: RunClaim, work: () => Promise<Done>): Promise<Done> => {
    const timer = setInterval(() => runs.renew(claim, untilMs()), RENEW_MS)
    timer.unref()
    try {
      return await work()
    } catch (error) {
      // It was not run to any end: it may be tried again.
      runs.release(claim)
      throw error
    } finally {
      clearInterval(timer)
    }
  }

  return {
    async start(call, script) {
      const id = newId()
      const { result, outcome } = await runner.run(call, id, script)
      if (outcome?.suspended !== undefined) runs.save(toStored(call, id, script, outcome))
      return result
    },
    async resume(call, id) {
      const claim = runs.claim(call.principal.id, id, untilMs())
      if (claim === undefined) throw unknownRun(runs, call, id)
      return holding(claim, async () => {
        const script = fromStored(claim)
        const replay = claim.run.record as unknown as RunRecord
        const { result, outcome } = await runner.run(call, id, script, replay)
        if (outcome?.suspended === undefined) runs.finish(claim)
        else runs.update(claim, toStored(call, id, script, outcome))
        return result
      })
    },
  }
}

function toStored(call: Call, id: string, script: Script, outcome: RunOutcome): NewRun {
  const { code, input, isDryRun, check } = script
  return {
    id,
    owner: call.principal.id,
    code,
    ...(input === undefined ? {} : { input }),
    options: { isDryRun, check },
    record: outcome.record as unknown as Json,
    reasons: outcome.suspended?.reasons ?? [],
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

/** One that somebody resumes at this moment is there, and its own caller may know that. */
function unknownRun(runs: RunStore, { principal }: Call, id: string): GatewayError {
  const shown = id.slice(0, 100)
  return runs.load(principal.id, id) === undefined
    ? new GatewayError('unknown_run', `There is no suspended run "${shown}".`)
    : new GatewayError('unknown_run', `The run "${shown}" is being resumed already.`)
}
