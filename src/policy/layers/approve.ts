import type { ApprovalGate } from '../../core/approval-desk.ts'
import type { Call, Layer } from '../../core/call.ts'
import { GatewayError } from '../../core/errors.ts'

/**
 * Lets calls whose verdict is `ask` through when somebody has said yes. A call that is only simulated has no effect and needs nobody's word;
 * but that its like would need one is told to its run, for the plan.
 */
export function createApproveLayer(gate: ApprovalGate): Layer {
  return (next) => (call) => {
    if (call.trail?.verdict !== 'ask') return next(call)
    if (call.isSimulated === true) {
      call.run?.onWouldAsk?.(gate.toEffect(call), call.trail.rule ?? '')
      return next(call)
    }
    return approve(gate, call).then(() => next(call))
  }
}

/**
 * A call holds no place among those in flight while somebody is asked. The trail of one that is refused tells too for which approval it
 * waits.
 */
async function approve(gate: ApprovalGate, call: Call): Promise<void> {
  const takeAgain = call.giveWay?.()
  try {
    setApproval(call, (await gate.seek(call)).id)
    await takeAgain?.()
    // Whoever made it may have gone while somebody was asked.
    if (call.signal.aborted)
      throw new GatewayError('call_cancelled', 'The call ended before it was approved.')
  } catch (error) {
    const id = error instanceof GatewayError ? error.detail['approval'] : undefined
    if (typeof id === 'string') setApproval(call, id)
    throw error
  }
}

function setApproval({ trail }: Call, id: string): void {
  if (trail !== undefined) trail.approval = id
}
