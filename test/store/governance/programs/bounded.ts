/** Appends as often as it is told to, by lines of its input, and says how that went. `node bounded.ts FILE` */
import { writeSync } from 'node:fs'
import { createInterface } from 'node:readline'

import { GatewayError } from '../../../../src/core/errors.ts'
import { bodyOf } from '../audit-rows.ts'
import { openParts, REAL_CLOCK } from '../open-parts.ts'
import { toPlace } from './place.ts'

const { audit, budgets } = await openParts(toPlace(process.argv[2] ?? ''), REAL_CLOCK)
const text = 'x'.repeat(100_000)
const codeOf = (error: unknown): string => (error instanceof GatewayError ? error.code : 'other')
const key = { account: 'a', windowStartMs: 0 }

let index = 0
writeSync(1, 'ready\n')
for await (const _ of createInterface(process.stdin)) {
  const name = `e${index++}`
  const appended = await audit.append([bodyOf(name, { tool: text })]).then(
    () => name,
    (error: unknown) => codeOf(error),
  )
  const taken = await budgets.take(key, { wanted: 1, least: 1, limit: 10_000, endsAtMs: 1 }).then(
    () => 'taken',
    (error: unknown) => codeOf(error),
  )
  writeSync(1, `${appended} ${taken}\n`)
}
