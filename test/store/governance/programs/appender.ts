/** Appends to the audit for ever, and says what was confirmed: `name seq hash`. `node appender.ts STORE NAME`. To be killed. */
import { writeSync } from 'node:fs'

import { bodyOf } from '../audit-rows.ts'
import { openParts, REAL_CLOCK } from '../open-parts.ts'
import { toPlace } from './place.ts'

const [place = '', name = ''] = process.argv.slice(2)
const { audit } = await openParts(toPlace(place), REAL_CLOCK)

for (let index = 0; ; index++) {
  const names = Array.from({ length: 1 + (index % 5) }, (_, row) => `${name}-${index}-${row}`)
  const { seq, hash } = await audit.append(names.map((row) => bodyOf(row)))
  writeSync(1, `${names.join(',')} ${seq} ${hash}\n`)
}
