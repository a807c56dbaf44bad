import type { Principal } from '../core/principal.ts'
import type { Rule, Verdict } from '../core/rule.ts'
import { toolKey, type ToolRef } from '../core/tool.ts'
import { matchesGlob } from './glob.ts'

const STRICTNESS: Readonly<Record<Verdict, number>> = { allow: 0, ask: 1, deny: 2 }

/** The stricter of two verdicts. Commutative, associative, idempotent. */
export function stricter(a: Verdict, b: Verdict): Verdict {
  return STRICTNESS[a] >= STRICTNESS[b] ? a : b
}

/** A verdict with the rule that gave it; no rule where nothing matched. */
export interface Ruling {
  readonly verdict: Verdict
  readonly rule?: Rule
}

/**
 * What the principal may do with the tool. Pure, and the only place that decides: the same function filters lists,
 * searches, stubs and calls. The strictest rule that matches wins; where none matches the verdict is `deny`.
 */
export function admit({ scope }: Principal, tool: ToolRef, rules: readonly Rule[]): Ruling {
  const ruling = strictest(tool, rules)
  if (scope === undefined || ruling.verdict === 'deny') return ruling
  const within = strictest(tool, scope)
  return stricter(ruling.verdict, within.verdict) === ruling.verdict ? ruling : within
}

function strictest(tool: ToolRef, rules: readonly Rule[]): Ruling {
  const key = toolKey(tool)
  const kind = tool.kind ?? 'tool'
  let ruling: Ruling = { verdict: 'deny' }
  for (const rule of rules) {
    if (rule.kinds !== undefined && !rule.kinds.includes(kind)) continue
    if (!matchesGlob(rule.pattern, key)) continue
    if (ruling.rule === undefined || STRICTNESS[rule.verdict] > STRICTNESS[ruling.verdict]) {
      ruling = { verdict: rule.verdict, rule }
    }
  }
  return ruling
}

/** True where the tool may be seen and called. `ask` is refused until something can ask. */
export function isVisible(principal: Principal, tool: ToolRef, rules: readonly Rule[]): boolean {
  return admit(principal, tool, rules).verdict === 'allow'
}
