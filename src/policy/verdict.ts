import type { Rule, Verdict } from '../core/rule.ts'
import { toolKey, type ToolRef } from '../core/tool.ts'
import { matchesGlob } from '../core/glob.ts'

const STRICTNESS: Readonly<Record<Verdict, number>> = { allow: 0, ask: 1, deny: 2 }

/** The stricter of two verdicts. Commutative, associative, idempotent. */
export function stricter(a: Verdict, b: Verdict): Verdict {
  return STRICTNESS[a] >= STRICTNESS[b] ? a : b
}

/** A verdict with what gave it: nothing where no rule matched. */
export interface Ruling {
  readonly verdict: Verdict
  /** Where the rule stands, or its name. */
  readonly source?: string
}

/** The stricter of two rulings; of two that are alike the first. */
export function stricterRuling(a: Ruling, b: Ruling): Ruling {
  return STRICTNESS[a.verdict] >= STRICTNESS[b.verdict] ? a : b
}

/** True where a rule is about the tool. */
export function isAbout({ kinds, pattern }: Pick<Rule, 'kinds' | 'pattern'>, tool: ToolRef): boolean {
  if (kinds !== undefined && !kinds.includes(tool.kind ?? 'tool')) return false
  return matchesGlob(pattern, toolKey(tool))
}
