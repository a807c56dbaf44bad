import type { Layer } from '../../core/call.ts'
import { GatewayError } from '../../core/errors.ts'
import { toolKey } from '../../core/tool.ts'

/** In the place of approvals where there are none: what somebody would have to say yes to is refused. */
export function createRefuseLayer(): Layer {
  return (next) => (call) => {
    if (call.trail?.verdict !== 'ask' || call.isSimulated === true) return next(call)
    throw new GatewayError('approval_denied', `Nobody can be asked about ${toolKey(call.tool)}.`)
  }
}
