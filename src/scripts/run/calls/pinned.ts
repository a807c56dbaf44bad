import type { Handler } from '../../../core/call.ts'
import { GatewayError } from '../../../core/errors.ts'
import { toolKey } from '../../../core/tool.ts'

/** Lets only the pinned tools through: a name that is not found is asked for as it was written, and may well be one. */
export function pinnedTo(uses: ReadonlySet<string> | undefined, handler: Handler): Handler {
  if (uses === undefined) return handler
  return (call) => {
    const key = toolKey(call.tool)
    if (uses.has(key)) return handler(call)
    const refusal = new GatewayError(
      'unknown_tool',
      `This script may not call "${key.slice(0, 200)}": it is not in its "uses".`,
    )
    return Promise.reject(refusal)
  }
}
