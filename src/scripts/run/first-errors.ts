import type { Call } from '../../core/call.ts'

/** Callers that are remembered; the oldest are forgotten first and are told once more. */
const MAX_CALLERS = 2_000

/** True for the first failure of a session, or of a principal where there is no session: who has read the how-to once has it. */
export function createFirstErrors(): (call: Call) => boolean {
  const told = new Set<string>()
  return ({ client, principal }) => {
    const caller = JSON.stringify([principal.id, client?.session?.id ?? ''])
    if (told.has(caller)) return false
    told.add(caller)
    const [oldest] = told
    if (told.size > MAX_CALLERS && oldest !== undefined) told.delete(oldest)
    return true
  }
}
