import type { Call, Handler, Layer } from '../../core/call.ts'
import type { CallClient } from '../../core/client.ts'
import type { Result } from '../../core/result.ts'
import type { Limits, Pass } from '../limits/limits.ts'

/**
 * Lets calls through as often, as many at a time and for as much as all levels allow. While the client of a call is asked something, the
 * call is none of those in flight: a person who does not answer takes nothing away from others. With the answer it waits for its
 * place; to refuse it then would throw away what a person has said.
 */
export function createLimitsLayer(limits: Pick<Limits, 'enter'>): Layer {
  return (next) => (call) => {
    const pass = limits.enter(call)
    return pass === undefined ? next(call) : pay(pass, next, call)
  }
}

async function pay(entering: Pass | Promise<Pass>, next: Handler, call: Call): Promise<Result> {
  const pass = entering instanceof Promise ? await entering : entering
  const { giveWay } = pass
  let result: Result
  try {
    result = await next(giveWay === undefined ? call : Object.freeze(yielding(call, giveWay)))
  } catch (thrown) {
    pass.leave({ thrown })
    throw thrown
  }
  pass.leave({ result })
  return result
}

function yielding(call: Call, give: NonNullable<Pass['giveWay']>): Call {
  const { client, signal, pauseClock } = call
  const giveWay = (): (() => Promise<void>) => {
    const takeAgain = give()
    return async () => {
      const resume = pauseClock?.()
      try {
        await takeAgain(signal)
      } finally {
        resume?.()
      }
    }
  }
  return { ...call, giveWay, ...(client === undefined ? {} : { client: yieldingClient(client, giveWay) }) }
}

function yieldingClient(client: CallClient, giveWay: NonNullable<Call['giveWay']>): CallClient {
  return {
    ...client,
    async ask(requests) {
      const takeAgain = giveWay()
      try {
        return await client.ask(requests)
      } finally {
        await takeAgain()
      }
    },
  }
}
