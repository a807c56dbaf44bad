import { randomBytes, randomUUID } from 'node:crypto'
import { writeSync } from 'node:fs'
import { join } from 'node:path'

import { anchorFile, openAnchor } from '../../../src/audit/anchor.ts'
import { createAudit } from '../../../src/audit/audit.ts'
import { auditKeyFile, loadSigningKey } from '../../../src/audit/signing-key.ts'
import { openStore } from '../../../src/store/store.ts'
import { callEvent } from '../events.ts'

/*
 * Records events until it is killed, many at a time, and prints the id of each that is said to be on the disk.
 */
const [folder = ''] = process.argv.slice(2)
const clock = { nowMs: Date.now, monotonicMs: () => performance.now() }
const keyFile = auditKeyFile(folder)
const store = await openStore({ path: join(folder, 'isogate.db'), clock, random: randomBytes })
const audit = createAudit({
  store: store.audit,
  key: loadSigningKey(keyFile, () => {}),
  anchor: openAnchor(anchorFile(keyFile)),
  settings: { checkpointRows: 20, checkpointMs: 60_000 },
  clock,
  newId: randomUUID,
  onFault: (error) => {
    throw error
  },
})

async function work(): Promise<void> {
  for (;;) {
    const id = randomUUID()
    audit.note(callEvent(0, { id: randomUUID() }))
    await audit.record(callEvent(0, { id }))
    writeSync(1, `${id}\n`)
  }
}

await Promise.all(Array.from({ length: 8 }, work))
