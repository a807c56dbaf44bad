import { GatewayError } from '../../../core/errors.ts'
import type { Clock } from '../../../core/ports.ts'
import type { NewRun, RunClaim, RunStore } from '../../../core/store.ts'

/** A claim that is held until it is given up in one of three ways. */
export interface HeldClaim {
  /** Aborted with that of the call, and when the claim was lost: then somebody else may be at work on the same run. */
  readonly signal: AbortSignal
  /** Leaves the run as it was. Never throws: a claim that cannot be given up runs out by itself. */
  readonly release: () => void
  /** Takes the run away. Never throws. */
  readonly finish: () => void
  /** Keeps what has become of the run. @returns false where the claim was lost @throws GatewayError as the store does */
  readonly update: (run: NewRun) => boolean
}

/** How long a claim holds without being renewed: so long nobody else can resume a run whose process has died. */
export const CLAIM_MS = 60_000
const RENEW_MS = 20_000

/** Renews a claim from time to time. */
export function holdClaim(runs: RunStore, claim: RunClaim, clock: Clock, signal: AbortSignal): HeldClaim {
  const lost = new AbortController()
  const timer = setInterval(() => {
    // Where the store fails for a moment, the claim holds on for two more tries. Nothing would catch the error here.
    const isHeld = forgive(true, () => runs.renew(claim, clock.nowMs() + CLAIM_MS))
    if (!isHeld) lost.abort(new GatewayError('call_cancelled', 'The run was taken up by somebody else.'))
  }, RENEW_MS)
  timer.unref()
  const giveUp = (way: () => unknown): void => {
    clearInterval(timer)
    forgive(undefined, way)
  }
  return {
    signal: AbortSignal.any([signal, lost.signal]),
    release: () => giveUp(() => runs.release(claim)),
    finish: () => giveUp(() => runs.finish(claim)),
    update(run) {
      clearInterval(timer)
      return runs.update(claim, run)
    },
  }
}

function forgive<Value>(fallback: Value, work: () => Value): Value {
  try {
    return work()
  } catch {
    return fallback
  }
}
