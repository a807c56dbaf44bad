import type { Standing } from './identity.ts'
import type { Verdict } from './rule.ts'

/**
 * What the layers find out about a call on its way down, for those below and for its record. The one thing about a call that changes: it
 * belongs to the outermost layer, which makes it.
 */
export interface Trail {
  /** What held for the principal when the call was admitted. */
  standing?: Standing
  verdict?: Verdict
  /** The rule that decided. */
  rule?: string
  /** The approval that let it through, or that it waits for. */
  approval?: string
  /** True where the operator or the server says that the tool only reads. */
  isReadOnly?: boolean
  /** Estimated tokens of the answer, where somebody counted them. */
  resultTokens?: number
  /** Seconds of the sandbox's processor that the call took. */
  sandboxSeconds?: number
  /** W3C trace id. */
  traceId?: string
}
