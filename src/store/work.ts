import { GatewayError } from '../core/errors.ts'
import type { Clock } from '../core/ports.ts'
import type { PartPorts } from './ports.ts'
import type { Base } from './sql/base.ts'

/** Where a disk fails every call does: the log is told once in a while. */
const REPORT_EVERY_MS = 60_000

/** The ways in which the parts use the database, and the end of them. */
export interface Work extends Pick<PartPorts, 'attempt' | 'forgive'> {
  /** Refuses what comes from now on. */
  readonly end: () => void
  /** Resolves when what was begun has ended. */
  readonly idle: () => Promise<void>
}

/** @param onFault told, at most once a minute, why something that may be lost was lost */
export function createWork(
  { where, wrote, toError }: Pick<Base, 'where' | 'wrote' | 'toError'>,
  clock: Clock,
  onFault: ((error: GatewayError) => void) | undefined,
): Work {
  const running = new Set<Promise<unknown>>()
  let isEnded = false
  let quietUntilMs = Number.NEGATIVE_INFINITY

  function report(error: GatewayError): void {
    const nowMs = clock.monotonicMs()
    if (nowMs < quietUntilMs) return
    quietUntilMs = nowMs + REPORT_EVERY_MS
    onFault?.(error)
  }

  const attempt: Work['attempt'] = async (work) => {
    if (isEnded) throw new GatewayError('store_unusable', `${where}: it is closed.`)
    wrote()
    const done = work()
    running.add(done)
    try {
      return await done
    } catch (error) {
      throw toError(error)
    } finally {
      running.delete(done)
    }
  }

  return {
    attempt,
    forgive: async (fallback, work) => {
      try {
        return await attempt(work)
      } catch (error) {
        report(toError(error))
        return fallback
      }
    },
    end: () => void (isEnded = true),
    idle: async () => {
      while (running.size > 0) await Promise.allSettled(running)
    },
  }
}
