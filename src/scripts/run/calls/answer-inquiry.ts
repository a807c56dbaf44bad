import { CODE_SERVER } from '../../../config/own-tools.ts'
import { GatewayError } from '../../../core/errors.ts'
import type { Json, JsonObject } from '../../../core/json.ts'
import type { HandleStore } from '../../../core/store.ts'
import type { ToolRef } from '../../../core/tool.ts'
import type { Inquiries } from '../../discovery/inquiries.ts'

/** What the inquiries of one run are answered with. */
export interface InquiryParts {
  readonly inquiries: Inquiries
  readonly handles: HandleStore
  readonly owner: string
  readonly sees: (tool: ToolRef) => boolean
}

/** Answers what a script asks for that is no tool: `tools.$search`, `tools.$describe`, `runs.open`. */
export async function answerInquiry(parts: InquiryParts, what: string, args: JsonObject): Promise<Json> {
  const { inquiries, sees } = parts
  if (what === 'open') return open(parts, args)
  // What a caller may not look at from outside, its scripts may not either.
  const name = what === 'search' ? 'search_tools' : 'describe_tools'
  if (!sees({ server: CODE_SERVER, name }))
    throw new GatewayError('unknown_tool', `There is no $${what} here.`)
  return what === 'search' ? inquiries.search(args) : inquiries.describe(args)
}

/** Gives a script what an earlier run of its caller kept. */
async function open({ handles, owner }: InquiryParts, { handle }: JsonObject): Promise<Json> {
  if (typeof handle !== 'string')
    throw new GatewayError('invalid_arguments', 'runs.open takes a handle, as in runs.open("h_...").')
  const stored = await handles.open(owner, handle)
  if (stored === undefined)
    throw new GatewayError('unknown_handle', 'There is no kept value under this handle.')
  return JSON.parse(stored.json) as Json
}
