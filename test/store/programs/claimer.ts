/** Claims runs one after the other and says which it got. `node claimer.ts PATH COUNT`; begins at a line of its input. */
import { once } from 'node:events'
import { writeSync } from 'node:fs'

import { openStore } from '../../../src/store/store.ts'
import { realPorts } from './ports.ts'

const [path = '', count = '0'] = process.argv.slice(2)
const store = await openStore(realPorts(path))
writeSync(1, 'ready\n')
await once(process.stdin, 'data')
for (let index = 0; index < Number(count); index++) {
  const claim = await store.runs.claim('ann', `r${index}`, Date.now() + 60_000)
  if (claim !== undefined) writeSync(1, `${index}\n`)
}
await store.close()
process.exit()
