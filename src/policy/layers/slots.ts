import type { Call, Layer } from '../../core/call.ts'
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
    // Kept when it is empty: there are as many as servers, and nearly every call finds its own.
    let lane = lanes.get(server)
    if (lane === undefined) lanes.set(server, (lane = { inFlight: 0, waiting: [] }))
    call.signal.throwIfAborted()
    if (lane.inFlight < limits.concurrency) lane.inFlight += 1
    else await waitUnclocked(lane, limits, call)
    try {
      return await next(call)
    } finally {
      leave(lane)
    }
  }
}

interface Lane {
  inFlight: number
  waiting: (() => void)[]
}

/** Waits in the queue; the clock of the call begins when the upstream does. */
async function waitUnclocked(lane: Lane, limits: SlotLimits, call: Call): Promise<void> {
  const resume = call.pauseClock?.()
  try {
    await wait(lane, limits, call.tool.server, call.signal)
  } finally {
    resume?.()
  }
}

async function wait(lane: Lane, limits: SlotLimits, server: string, signal: AbortSignal): Promise<void> {
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
