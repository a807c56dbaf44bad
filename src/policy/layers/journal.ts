import type { Call, Layer } from '../../core/call.ts'
import { toGatewayError, type GatewayError } from '../../core/errors.ts'
import type { Clock, Journal, JournalRecord } from '../../core/ports.ts'
import type { Result } from '../../core/result.ts'
import type { Trail } from '../../core/trail.ts'
import { wantedName } from './admit.ts'

/** Hears of a failure that the gateway did not foresee; the caller is told only the call's id as a reference. */
export type OnFault = (callId: string, cause: unknown) => void

/** A call that has ended, with all that is known of it. */
export interface EndedCall {
  readonly call: Call
  readonly trail: Trail
  readonly atMs: number
  readonly durationMs: number
  /** Absent where it was refused. */
  readonly result?: Result
  readonly error?: GatewayError
}

/** Keeps the record that proves things. */
export interface CallRecorder {
  /**
   * Called before anything else is done.
   *
   * @throws GatewayError `audit_unavailable` where the call would have to be recorded at once, and cannot be
   */
  readonly begin: (call: Call) => void
  /** The answer leaves when the promise resolves; at once where none is given. @throws GatewayError `audit_unavailable` */
  readonly end: (ended: EndedCall) => Promise<void> | undefined
}

/**
 * Writes one record for each call, refused ones too, and turns whatever was thrown into a GatewayError. It makes the trail, in which the layers
 * below leave what they find out.
 */
export function createJournalLayer(
  journal: Journal,
  clock: Clock,
  onFault: OnFault,
  recorder?: CallRecorder,
): Layer {
  return (next) => async (call) => {
    const startedMs = clock.monotonicMs()
    const trail: Trail = {}
    const end = (result: Result | undefined, error: GatewayError | undefined): Promise<void> | undefined => {
      const durationMs = clock.monotonicMs() - startedMs
      const atMs = clock.nowMs()
      journal.write(toRecord(call, atMs, durationMs, result, error))
      return recorder?.end({
        call,
        trail,
        atMs,
        durationMs,
        ...(result === undefined ? {} : { result }),
        ...(error === undefined ? {} : { error }),
      })
    }
    let result: Result
    try {
      recorder?.begin(call)
      result = await next(Object.freeze({ ...call, trail }))
    } catch (thrown) {
      const error = toGatewayError(thrown, call.id)
      if (error.code === 'internal') onFault(call.id, error.cause)
      await end(undefined, error)
      throw error
    }
    // Most records need not be waited for, and each call comes by here.
    const written = end(result, undefined)
    if (written !== undefined) await written
    return result
  }
}

function toRecord(
  call: Call,
  atMs: number,
  durationMs: number,
  result: Result | undefined,
  error: GatewayError | undefined,
): JournalRecord {
  return {
    id: call.id,
    ...(call.parent === undefined ? {} : { parent: call.parent }),
    atMs,
    door: call.door,
    principal: call.principal.id,
    ...(call.method === undefined ? {} : { method: call.method }),
    tool: wantedName(call.tool),
    ...(call.isSimulated === undefined ? {} : { isSimulated: true }),
    durationMs,
    outcome: error !== undefined ? 'refused' : result?.isError === true ? 'tool_error' : 'ok',
    ...(error === undefined ? {} : { code: error.code }),
  }
}
