/** Writes for ever, and says what was confirmed. `node writer.ts PATH NAME`. To be killed. */
import { writeSync } from 'node:fs'

import { openStore } from '../../../src/store/store.ts'
import { realPorts } from './ports.ts'

const [path = '', name = ''] = process.argv.slice(2)
const store = await openStore(realPorts(path))
const record = { turns: Array.from({ length: 40 }, (_, index) => ({ index, text: 'x'.repeat(100) })) }

for (let index = 0; ; index++) {
  // Few enough for the bound of an owner, so that none that was confirmed is refused.
  const id = `${name}-${index % 300}`
  await store.runs.save({ id, owner: name, code: `return ${index}`, options: {}, record, reasons: [] })
  const handle = await store.handles.keep(name, {
    json: JSON.stringify('y'.repeat(20_000) + index),
    kind: 'value',
  })
  writeSync(1, `${id} ${index} ${handle ?? ''}\n`)
}
