import type { Layer } from '../../core/call.ts'
import { earlier } from '../../core/deadline.ts'
import { GatewayError } from '../../core/errors.ts'
import type { Clock } from '../../core/ports.ts'
import { toolKey, type ToolRef } from '../../core/tool.ts'

/**
 * Sets the deadline of a call and one signal for everything below, and answers in time even where a backend ignores
 * the signal. A call that has a deadline already keeps the earlier one, so a child never outlives its parent.
 *
 * @param timeoutMsOf how long a call of the tool may take
 */
export function createDeadlineLayer(clock: Clock, timeoutMsOf: (tool: ToolRef) => number): Layer {
  return (next) => (call) => {
    const nowMs = clock.monotonicMs()
    const timeoutMs = timeoutMsOf(call.tool)
    const deadline =
      call.deadline === undefined ? nowMs + timeoutMs : earlier(call.deadline, nowMs + timeoutMs)
    return new Promise((resolve, reject) => {
      const controller = new AbortController()
      const end = (error: GatewayError): void => {
        controller.abort(error)
        settle(() => reject(error))
      }
      const onAbort = (): void => {
        const { reason } = call.signal
        end(
          reason instanceof GatewayError
            ? reason
            : new GatewayError('call_cancelled', `${toolKey(call.tool)} was cancelled.`),
        )
      }
      const waitedMs = Math.max(0, deadline - nowMs)
      const timer = setTimeout(() => {
        end(
          new GatewayError(
            'call_timeout',
            `${toolKey(call.tool)} did not answer within ${Math.round(waitedMs)} ms.`,
          ),
        )
      }, waitedMs)
      const settle = (deliver: () => void): void => {
        clearTimeout(timer)
        call.signal.removeEventListener('abort', onAbort)
        deliver()
      }
      if (call.signal.aborted) return onAbort()
      call.signal.addEventListener('abort', onAbort, { once: true })
      // A layer below may refuse by throwing at once: that must release the timer too.
      Promise.try(next, Object.freeze({ ...call, deadline, signal: controller.signal })).then(
        (result) => settle(() => resolve(result)),
        (error: unknown) => settle(() => reject(error)),
      )
    })
  }
}
