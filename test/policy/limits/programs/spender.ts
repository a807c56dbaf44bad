import { writeSync } from 'node:fs'

import { textResult } from '../../../../src/core/result.ts'
import { openParts, REAL_CLOCK } from '../../../store/governance/open-parts.ts'
import { budgetOf, callWith, houseOf, keyWith, outcomeOf } from '../house.ts'

/** Spends a budget of 400 calls, some of them at the same time, and writes a character for each that is made. */
const { budgets, close } = await openParts({ path: process.argv[2] ?? '' }, REAL_CLOCK)
const { handler, limits } = houseOf(REAL_CLOCK, budgets, {
  backend: async () => {
    writeSync(1, '.')
    await new Promise(setImmediate)
    return textResult('')
  },
})
const call = callWith(keyWith({ budgets: [budgetOf(400, { per: 'total' })] }))
let isOver = false
while (!isOver) {
  const outcomes = await Promise.all(Array.from({ length: 8 }, () => outcomeOf(handler, call)))
  isOver = outcomes.every((outcome) => outcome === 'budget_exhausted')
}
await limits.close()
await close()
