import type { Layer } from '../../core/call.ts'
import { toGatewayError } from '../../core/errors.ts'
import type { Clock, Journal, JournalRecord } from '../../core/ports.ts'
import { wantedName } from './admit.ts'

/** Hears of a failure that the gateway did not foresee; the caller is told only the call's id as a reference. */
export type OnFault = (callId: string, cause: unknown) => void

/** Writes one record for each call, refused ones too, and turns whatever was thrown into a GatewayError. */
export function createJournalLayer(journal: Journal, clock: Clock, onFault: OnFault): Layer {
  return (next) => async (call) => {
    const startedMs = clock.monotonicMs()
    const write = (outcome: JournalRecord['outcome'], code?: JournalRecord['code']): void => {
      journal.write({
        id: call.id,
        ...(call.parent === undefined ? {} : { parent: call.parent }),
        atMs: clock.nowMs(),
        door: call.door,
        principal: call.principal.id,
        ...(call.method === undefined ? {} : { method: call.method }),
        tool: wantedName(call.tool),
        ...(call.isSimulated === undefined ? {} : { isSimulated: true }),
        durationMs: clock.monotonicMs() - startedMs,
        outcome,
        ...(code === undefined ? {} : { code }),
      })
    }
    try {
      const result = await next(call)
      write(result.isError === true ? 'tool_error' : 'ok')
      return result
    } catch (thrown) {
      const error = toGatewayError(thrown, call.id)
      write('refused', error.code)
      if (error.code === 'internal') onFault(call.id, error.cause)
      throw error
    }
  }
}
