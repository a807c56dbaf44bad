import type { RunFailure } from '../../core/run.ts'

/** Why a leg must not go on: it has left the way that an earlier one took, which was cut off; or its key is revoked. */
export interface Astray {
  /** Aborted when it must not. */
  readonly signal: AbortSignal
  /** Its key does not hold any more. */
  readonly revoked: (reason: string) => void
  readonly note: (call: string, line: number | undefined) => void
  readonly failure: () => RunFailure | undefined
}

/** Begins on the way. */
export function createAstray(): Astray {
  const left = new AbortController()
  let failure: RunFailure | undefined
  return {
    signal: left.signal,
    revoked(message) {
      failure ??= { code: 'key_revoked', message }
      left.abort()
    },
    note(call, line) {
      failure ??= {
        code: 'replay_diverged',
        message: `It called ${call} with other arguments than before, or in the place of another call: what it read has changed since.`,
        ...(line === undefined ? {} : { line }),
      }
      left.abort()
    },
    failure: () => failure,
  }
}
