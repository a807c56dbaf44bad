import type { ErrorCode } from '../../core/error-table.ts'
import type { RunFailure } from '../../core/run.ts'

/** A recorded call was made otherwise, or not at all. */
export interface Divergence {
  readonly message: string
  readonly line?: number
}

/** These ends say nothing of the way that a script took. */
const OUTER_ENDS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'script_syntax',
  'script_timeout',
  'script_cpu',
  'script_memory',
  'script_killed',
  'script_cancelled',
])

const MAX_EXCERPT_CHARS = 200

/** True where a run ended for a reason that comes before any record. */
export function isOuterEnd(failure: RunFailure | undefined): boolean {
  return failure !== undefined && OUTER_ENDS.has(failure.code)
}

/** The failure of a run that left the recorded way. */
export function toDivergedFailure({ message, line }: Divergence, code: string): RunFailure {
  const text = line === undefined ? '' : (code.split('\n')[line - 1] ?? '')
  const excerpt = text.trim().slice(0, MAX_EXCERPT_CHARS)
  return {
    code: 'replay_diverged',
    message,
    ...(line === undefined ? {} : { line }),
    ...(excerpt === '' ? {} : { excerpt }),
  }
}
