import type { ServerResponse } from 'node:http'

import type { Standings } from '../core/identity.ts'
import type { Principal } from '../core/principal.ts'

/** Says which keys still hold, and when that changes. */
export interface Revocations extends Standings {
  /** Returns the way to stop listening. */
  readonly onChange: (listener: () => void) => () => void
}

/** Watches over answers that are still open. */
export interface StreamGuard {
  readonly add: (response: ServerResponse, principal: Principal) => void
  readonly close: () => void
}

/** An expiry happens without anybody telling of it. */
const SWEEP_MS = 1_000

/**
 * Ends event streams of keys that do not hold any more: a stream is let in once and may be open for days. An answer that has not begun
 * is left alone; the request was let in, and its calls are judged by the policy.
 */
export function createStreamGuard({ of, onChange }: Revocations): StreamGuard {
  const open = new Map<ServerResponse, Principal>()
  const sweep = (): void => {
    for (const [response, principal] of open) {
      if (response.headersSent && !holds(principal)) response.destroy()
    }
  }
  const holds = (principal: Principal): boolean => {
    try {
      of(principal)
      return true
    } catch {
      return false
    }
  }
  const timer = setInterval(sweep, SWEEP_MS).unref()
  const stop = onChange(sweep)
  return {
    add(response, principal) {
      if (principal.kind !== 'key') return
      open.set(response, principal)
      response.once('close', () => open.delete(response))
    },
    close() {
      clearInterval(timer)
      stop()
    },
  }
}
