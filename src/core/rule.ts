import type { Kind } from './tool.ts'

/** What may be done with a tool. Ordered: a stricter verdict wins over a milder one. */
export type Verdict = 'allow' | 'ask' | 'deny'

/** One line of a policy: what has a key (`server.tool`) that matches the glob gets the verdict. */
export interface Rule {
  /** Absent: tools, prompts and resources alike. */
  readonly kinds?: readonly Kind[]
  /** A glob over `server.tool`: `*` stands for any run of characters, `?` for one. */
  readonly pattern: string
  readonly verdict: Verdict
  /** Where the rule stands, for the person who asks why: `servers.github.tools.deny[0]`. */
  readonly source: string
}
