/** A gateway to be killed: it runs the script of its first argument and says when a call of it has arrived. */
import { cellPids, waitUntil } from './cell-processes.ts'
import { openArena } from './arena.ts'

const arena = openArena({ cpuMs: 5_000, wallMs: 120_000 })
void arena.run(process.argv[2] ?? '')
await waitUntil(() => arena.upstream.received() > 0)
process.stdout.write(`${JSON.stringify(cellPids())}\n`)
