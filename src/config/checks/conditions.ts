import { createConditions } from '../../conditions/conditions.ts'
import { issueAt, positionOf, type Issue, type Path, type Tree } from '../document/tree.ts'
import type { Config } from '../schema.ts'

/** What is wrong with the conditions of rules, on every level. */
export function checkConditions(config: Config, root: Tree): readonly Issue[] {
  const conditions = createConditions()
  const levels: readonly (readonly [Path, Config['policy']['rules']])[] = [
    [['policy'], config.policy.rules],
    ...(['organisations', 'teams', 'keys'] as const).flatMap((section) =>
      Object.entries(config[section]).map(
        ([id, { policy }]) => [[section, id, 'policy'], policy.rules] as const,
      ),
    ),
  ]
  return levels.flatMap(([path, rules]) =>
    rules.flatMap(({ when }, index) => {
      const problem = when === undefined ? undefined : conditions.problem(when)
      if (problem === undefined) return []
      const at = [...path, 'rules', index, 'when']
      return [issueAt(at, positionOf(root, at), `this is no condition in CEL: ${problem}`)]
    }),
  )
}
