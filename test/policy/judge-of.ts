import { createConditions } from '../../src/conditions/conditions.ts'
import type { Standing } from '../../src/core/identity.ts'
import type { Principal } from '../../src/core/principal.ts'
import type { Rule } from '../../src/core/rule.ts'
import type { ToolRef } from '../../src/core/tool.ts'
import { createJudge, type Judge } from '../../src/policy/judge.ts'
import type { LevelPolicy } from '../../src/policy/level.ts'
import type { Ruling } from '../../src/policy/verdict.ts'

/** What somebody has who is nothing special. */
export const PLAIN: Standing = { levels: [] }

/** A judge over one level of the gateway. */
export function judgeOf(level: Partial<LevelPolicy>, standing?: Standing): Judge {
  return judgeOfLevels([level], standing)
}

/** A judge over several levels that hold for everybody. */
export function judgeOfLevels(levels: readonly Partial<LevelPolicy>[], standing: Standing = PLAIN): Judge {
  return createJudge({
    common: levels.map((level) => ({ title: 'the gateway', lists: [], rules: [], ...level })),
    standings: { of: () => standing },
    conditions: createConditions(),
    classification: { readOnly: [], writes: [] },
  })
}

/** The verdict of rules without conditions over a call of a client. */
export function admit(principal: Principal, tool: ToolRef, rules: readonly Rule[]): Ruling {
  const { verdict, source } = judgeOf({ lists: rules }).judge({ principal, door: 'mcp', tool, args: {} })
  return source === undefined ? { verdict } : { verdict, source }
}
