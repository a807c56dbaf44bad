import type { Layer } from '../../core/call.ts'
import { GatewayError } from '../../core/errors.ts'

/** How many calls an upstream takes at once, and how many may wait for their turn. */
export interface SlotLimits {
  readonly concurrency: number
  readonly queue: number
}

/**
 * Bounds the calls in flight per upstream. Calls beyond it wait in order; beyond the queue they are refused at once.
 *
 * @param limitsOf undefined: the server is not bounded
 */
export function createSlotsLayer(limitsOf: (server: string) => SlotLimits | undefined): Layer {
  const lanes = new Map<string, Lane>()
  return (next) => async (call) => {
    const { server } = call.tool
    const limits = limitsOf(server)
    if (limits === undefined) return next(call)
    const lane = lanes.get(server) ?? { inFlight: 0, waiting: [] }
    lanes.set(server, lane)
    await enter(lane, limits, server, call.signal)
    try {
      return await next(call)
    } finally {
      leave(lane)
      if (lane.inFlight === 0 && lane.waiting.length === 0) lanes.delete(server)
    }
  }
}

interface Lane {
  inFlight: number
  waiting: (() => void)[]
}

async function enter(lane: Lane, limits: SlotLimits, server: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  if (lane.inFlight < limits.concurrency) {
    lane.inFlight += 1
    return
  }
  if (lane.waiting.length >= limits.queue) {
    throw new GatewayError(
      'overloaded',
      `"${server}" has ${lane.inFlight} calls in flight and ${lane.waiting.length} waiting.`,
    )
  }
  await new Promise<void>((resolve, reject) => {
    const take = (): void => {
      signal.removeEventListener('abort', giveUp)
      resolve()
    }
    const giveUp = (): void => {
      lane.waiting.splice(lane.waiting.indexOf(take), 1)
      reject(signal.reason)
    }
    lane.waiting.push(take)
    signal.addEventListener('abort', giveUp, { once: true })
  })
}

/** Hands the slot to the next in line, or gives it back. */
function leave(lane: Lane): void {
  const next = lane.waiting.shift()
  if (next === undefined) lane.inFlight -= 1
  else next()
}
