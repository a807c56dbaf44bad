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
  /** An expression in CEL; the rule counts only where it is true. Absent: always. */
  readonly when?: string
  /** Where the rule stands, for the person who asks why: `servers.github.tools.deny[0]`. */
  readonly source: string
}

/** One rule as a person writes it. */
export interface RuleSettings {
  /** Globs over `server.tool`. */
  readonly tools: readonly string[]
  readonly verdict: Verdict
  /** An expression in CEL. */
  readonly when?: string
  /** Shown to whoever asks why, and in the audit. */
  readonly name?: string
}

/** A policy as a person writes it: of the gateway, an organisation, a team or a key. What is absent says nothing. */
export interface PolicySettings {
  /** Absent, and no rule allows: everything that the levels above allow. */
  readonly allow?: readonly string[]
  readonly ask?: readonly string[]
  readonly deny?: readonly string[]
  /** Tools that scripts and agent loops may call by themselves. Absent: what the levels above say. */
  readonly auto?: readonly string[]
  readonly rules?: readonly RuleSettings[]
}
