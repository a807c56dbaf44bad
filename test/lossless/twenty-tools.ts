// Twenty tools, of which the eleventh has an output schema that is a list: a client that checks all loses all.
import { serve, text, tool } from '../fixtures/servers/raw.ts'

const tools = Array.from({ length: 20 }, (_, index) =>
  tool(`tool_${index + 1}`, index === 10 ? { outputSchema: [] } : {}),
)

serve({ 'tools/list': () => ({ tools }), 'tools/call': () => text('called') })
