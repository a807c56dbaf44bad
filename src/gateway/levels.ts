import type { Plan } from '../config/compile.ts'
import { compileRules, OWN_RULES, type LevelPolicy } from '../policy/level.ts'

/** What holds for everybody. Where rules allow something, the lists of the servers still hold: no rule goes beyond what they give. */
export function commonLevels(plan: Plan): readonly LevelPolicy[] {
  const rules = compileRules(plan.policyRules, 'policy')
  const gateway: LevelPolicy = {
    title: 'the gateway',
    lists: [...OWN_RULES, ...plan.rules],
    rules,
    ...(plan.autonomous === undefined ? {} : { auto: plan.autonomous }),
  }
  if (!rules.some(({ verdict }) => verdict === 'allow')) return [gateway]
  return [{ title: 'the servers', lists: [...OWN_RULES, ...plan.serverRules], rules: [] }, gateway]
}
