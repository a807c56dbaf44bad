import type { Mode } from './mode.ts'
import type { Rule } from './rule.ts'

/** Who calls. Made by a door's authentication and by nothing else. */
export interface Principal {
  /** Stable id. Runs of different ids never share a cell. Of a virtual key: `key:<its id>`. */
  readonly id: string
  readonly kind: 'token' | 'local' | 'key'
  /** What the endpoint that it came in by is for: only what these rules allow too is there for it. Absent: everything. */
  readonly scope?: readonly Rule[]
  /** How its credential says that tools are shown to it, where the endpoint leaves that open. Absent: it says nothing. */
  readonly mode?: Mode
}
