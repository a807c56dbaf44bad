// Writes each call of `step` into a file. A call of `hold` ends when there is a file of the name that it was started with.
import { appendFileSync, existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

import { serve, text, tool } from '../fixtures/servers/raw.ts'

/** With whatever arguments. */
const ANY = { inputSchema: { type: 'object' } }

const [steps = '', release = ''] = process.argv.slice(2)

serve({
  'tools/list': () => ({ tools: ['step', 'hold'].map((name) => tool(name, ANY)) }),
  'tools/call': async ({ name, arguments: args }) => {
    appendFileSync(steps, `${JSON.stringify([name, args])}\n`)
    if (name === 'hold') while (!existsSync(release)) await sleep(20)
    return text('done')
  },
})
