/** The organisation of every key of a governed house. */
export const ORGANISATION = { policy: { deny: ['vault.*'] } }

/** What scripts may call by themselves: all but `alpha.manual`. */
const AUTO = ['alpha.say', 'alpha.pay', 'alpha.r*', 'alpha.budgeted', 'alpha.hang', 'alpha.secr*']

/** The rules with names: they are called the same whatever level they stand at. */
const RULES = [
  { tools: ['alpha.refund'], verdict: 'ask', name: 'refunds are asked for' },
  { tools: ['alpha.pay'], verdict: 'deny', when: 'args.amount > 100', name: 'no large payments' },
]

/** The team of every key of a governed house. */
export const TEAM = {
  organisation: 'acme',
  policy: { auto: AUTO, deny: ['alpha.secret'], rules: RULES },
}

/** The same as the policy of a gateway, for doors where nobody has a key. */
export const POLICY = { auto: AUTO, deny: ['alpha.secret', 'vault.*'], rules: RULES }

/** Of each key, so that doors do not use up each other's. */
export const LIMITS = {
  rates: [{ calls: 2, per: 'day', tools: ['alpha.rated'] }],
  budgets: [{ unit: 'calls', amount: 2, per: 'day', calendar: false, tools: ['alpha.budgeted'] }],
  concurrency: 2,
}
