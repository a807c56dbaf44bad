// Writes each effect into a file before it answers: what stands there has happened.
import { appendFileSync } from 'node:fs'

import { serve, text, tool } from '../fixtures/servers/raw.ts'

const [ledger = ''] = process.argv.slice(2)
const ONE_ID = { inputSchema: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] } }

serve({
  'tools/list': () => ({ tools: ['note', 'pay'].map((name) => tool(name, ONE_ID)) }),
  'tools/call': ({ name, arguments: args }) => {
    const { id } = args as { id: string }
    appendFileSync(ledger, `${String(name)} ${id}\n`)
    return text(`done ${id}`)
  },
})
