import type { Clock } from '../../../core/ports.ts'
import type { NewRun, RunClaim, RunStore } from '../../../core/store.ts'

/** A claim that is held until it is given up in one of three ways. */
export interface HeldClaim {
  /** Leaves the run as it was. Never rejects: a claim that cannot be given up runs out by itself. */
  readonly release: () => Promise<void>
  /** Takes the run away. Never rejects. @returns false where that failed, or the claim was lost */
  readonly finish: () => Promise<boolean>
  /** Keeps what has become of the run. @returns false where the claim was lost @throws GatewayError as the store does */
  readonly update: (run: NewRun) => Promise<boolean>
}

/**
 * How long a claim holds without being renewed: so long nobody else can resume a run whose process has died. Two that are at work on one
 * run because this was too short spoil nothing: a call with an effect is begun by one of them only.
 */
export const CLAIM_MS = 15_000
const RENEW_MS = 4_000

/**
 * Renews a claim from time to time.
 *
 * @param onLost Somebody else may be at work on the same run.
 */
export function holdClaim(runs: RunStore, claim: RunClaim, clock: Clock, onLost: () => void): HeldClaim {
  let isGivenUp = false
  const renew = async (): Promise<void> => {
    // Where the store fails for a moment, the claim holds on for two more tries. Nothing would catch the error here.
    const isHeld = await runs.renew(claim, clock.nowMs() + CLAIM_MS).catch(() => true)
    // One that was given up in the meantime is not lost.
    if (!isHeld && !isGivenUp) onLost()
  }
  const timer = setInterval(() => void renew(), RENEW_MS)
  timer.unref()
  const stop = (): void => {
    isGivenUp = true
    clearInterval(timer)
  }
  return {
    async release() {
      stop()
      await runs.release(claim).catch(() => {})
    },
    finish() {
      stop()
      return runs.finish(claim).catch(() => false)
    },
    update(run) {
      stop()
      return runs.update(claim, run)
    },
  }
}
