import type { Call, Layer } from '../../core/call.ts'
import type { CallClient } from '../../core/client.ts'
import { earlier } from '../../core/deadline.ts'
import { GatewayError } from '../../core/errors.ts'
import type { Clock } from '../../core/ports.ts'
import { toolKey, type ToolRef } from '../../core/tool.ts'

/**
 * Sets the deadline of a call and one signal for everything below, and answers in time even where a backend ignores
 * the signal. A call that has a deadline already keeps the earlier one, so a child never outlives its parent. While the
 * client is asked something the clock stands still: no timer of a machine decides for a person. Nor does it run while the
 * call waits for a slot: how long a tool may take says nothing about the queue in front of it.
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
      const onAbort = (): void => end(abortError(call))
      const allowedMs = Math.max(0, deadline - nowMs)
      const timer = createStopwatch(clock, nowMs, allowedMs, () => {
        const limit = `${Math.round(allowedMs)} ms`
        end(new GatewayError('call_timeout', `${toolKey(call.tool)} did not answer within ${limit}.`))
      })
      const settle = (deliver: () => void): void => {
        timer.end()
        call.signal.removeEventListener('abort', onAbort)
        deliver()
      }
      if (call.signal.aborted) return onAbort()
      call.signal.addEventListener('abort', onAbort, { once: true })
      const client = call.client === undefined ? {} : { client: pausing(call.client, timer) }
      // A layer below may refuse by throwing at once: that must release the timer too.
      const below = { ...call, ...client, deadline, signal: controller.signal, pauseClock: timer.hold }
      Promise.try(next, Object.freeze(below)).then(
        (result) => settle(() => resolve(result)),
        (error: unknown) => settle(() => reject(error)),
      )
    })
  }
}

function abortError({ signal, tool }: Call): GatewayError {
  const { reason } = signal
  if (reason instanceof GatewayError) return reason
  return new GatewayError('call_cancelled', `${toolKey(tool)} was cancelled.`)
}

/** A timer that can be stopped for a while. */
interface Stopwatch {
  readonly pause: () => void
  readonly resume: () => void
  /** Stops it until the returned function is called. */
  readonly hold: () => () => void
  readonly end: () => void
}

function createStopwatch(clock: Clock, nowMs: number, allowedMs: number, onEnd: () => void): Stopwatch {
  let leftMs = allowedMs
  let sinceMs = nowMs
  let pauses = 0
  let timer: NodeJS.Timeout | undefined = setTimeout(onEnd, leftMs)
  const stopwatch: Stopwatch = {
    pause() {
      if (pauses++ > 0) return
      clearTimeout(timer)
      leftMs -= clock.monotonicMs() - sinceMs
    },
    resume() {
      if (--pauses > 0 || timer === undefined) return
      sinceMs = clock.monotonicMs()
      timer = setTimeout(onEnd, Math.max(0, leftMs))
    },
    hold() {
      stopwatch.pause()
      let isOver = false
      return () => {
        if (isOver) return
        isOver = true
        stopwatch.resume()
      }
    },
    end() {
      clearTimeout(timer)
      timer = undefined
    },
  }
  return stopwatch
}

function pausing(client: CallClient, timer: Stopwatch): CallClient {
  return {
    ...client,
    pause() {
      const resume = timer.hold()
      // A call of a script has a parent, whose clock stands too.
      const resumeParent = client.pause?.()
      let isOver = false
      return () => {
        if (isOver) return
        isOver = true
        resume()
        resumeParent?.()
      }
    },
    ask: (requests) => {
      timer.pause()
      return client.ask(requests).finally(timer.resume)
    },
  }
}
