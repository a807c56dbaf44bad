import type { Call, Handler, Layer } from '../../core/call.ts'
import type { Result } from '../../core/result.ts'
import type { Limits, Pass } from '../limits/limits.ts'

/** Lets calls through as often, as many at a time and for as much as all levels allow. */
export function createLimitsLayer(limits: Pick<Limits, 'enter'>): Layer {
  return (next) => (call) => {
    const pass = limits.enter(call)
    return pass === undefined ? next(call) : pay(pass, next, call)
  }
}

async function pay(entering: Pass | Promise<Pass>, next: Handler, call: Call): Promise<Result> {
  const pass = entering instanceof Promise ? await entering : entering
  let result: Result
  try {
    result = await next(call)
  } catch (thrown) {
    pass.leave({ thrown })
    throw thrown
  }
  pass.leave({ result })
  return result
}
