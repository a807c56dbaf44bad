import type { RunFailure } from '../../core/run.ts'

/** Whether a leg has left the way that an earlier one took, which was cut off. */
export interface Astray {
  /** Aborted when it has. */
  readonly signal: AbortSignal
  readonly note: (call: string, line: number | undefined) => void
  readonly failure: () => RunFailure | undefined
}

/** Begins on the way. */
export function createAstray(): Astray {
  const left = new AbortController()
  let failure: RunFailure | undefined
  return {
    signal: left.signal,
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
