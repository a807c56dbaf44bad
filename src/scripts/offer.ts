import type { Call } from '../core/call.ts'
import { GatewayError } from '../core/errors.ts'
import type { Offer } from '../core/ports.ts'
import { replyResult, type Result } from '../core/result.ts'
import { HOW_TO, HOW_TO_PROMPT, HOW_TO_URI } from './run/how-to.ts'

const DESCRIPTION = 'How scripts for run_script are written: calls, results, errors, limits.'

/** What Code Mode has beside its tools: the how-to, which a model reads when it needs it. */
export const SCRIPT_OFFER: Offer = Object.freeze({
  prompts: [{ name: HOW_TO_PROMPT, description: DESCRIPTION }],
  resources: [{ uri: HOW_TO_URI, name: 'how-to', description: DESCRIPTION, mimeType: 'text/markdown' }],
  templates: [],
  capabilities: { prompts: {}, resources: {} },
})

/** Answers `prompts/get` and `resources/read` for what is offered, and refuses everything else. */
export function answerOffer({ method, tool }: Call): Result {
  if (method === 'prompts/get' && tool.name === HOW_TO_PROMPT) {
    return replyResult({
      description: DESCRIPTION,
      messages: [{ role: 'user', content: { type: 'text', text: HOW_TO } }],
    })
  }
  if (method === 'resources/read' && tool.name === HOW_TO_URI) {
    return replyResult({ contents: [{ uri: HOW_TO_URI, mimeType: 'text/markdown', text: HOW_TO }] })
  }
  if (tool.kind === 'resource' && tool.name !== HOW_TO_URI)
    throw new GatewayError('unknown_resource', `There is no resource "${tool.name.slice(0, 200)}".`)
  throw new GatewayError('unknown_method', `${method ?? 'This'} is not answered here.`)
}
