/**
 * Decides approvals, takes grants and takes from a budget as fast as it can, and says what it got. `node racer.ts STORE COUNT`; begins at a
 * line of its input.
 */
import { once } from 'node:events'
import { writeSync } from 'node:fs'

import { openParts, REAL_CLOCK } from '../open-parts.ts'
import { toPlace } from './place.ts'

const [place = '', count = '0'] = process.argv.slice(2)
const { approvals, budgets, effects, close } = await openParts(toPlace(place), REAL_CLOCK)
writeSync(1, 'ready\n')
await once(process.stdin, 'data')
const budget = { account: 'key:ci:1', windowStartMs: 0 }

for (let index = 0; index < Number(count); index++) {
  const id = `a_${index}`
  const decision = { by: 'cli', via: 'cli', atMs: Date.now(), scope: 'call' } as const
  if (await approvals.decide(id, 'approved', decision)) writeSync(1, `decided ${index}\n`)
  const request = { owner: 'ann', tool: 'pay.send', hash: `h${index}`, binding: 'b', nowMs: Date.now() }
  if ((await approvals.take(request)) !== undefined) writeSync(1, `took ${index}\n`)
  const effect = { tool: 'pay.send', argumentsHash: 'x' }
  if ((await effects.begin('ann', 'r1', `k${index}`, effect)) === undefined) writeSync(1, `began ${index}\n`)
  const { taken } = await budgets.take(budget, { wanted: 3, least: 1, limit: 100, endsAtMs: 1 })
  writeSync(1, `spent ${taken}\n`)
}
await close()
process.exit()
