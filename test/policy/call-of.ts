import type { Call } from '../../src/core/call.ts'
import type { JsonObject } from '../../src/core/json.ts'
import type { Clock } from '../../src/core/ports.ts'
import type { Principal } from '../../src/core/principal.ts'

/** Who calls, where a test says nothing else. */
export const SOMEBODY: Principal = Object.freeze({ id: 'somebody', kind: 'token' })

/** A frozen call of `server.tool`. */
export function callOf(key: string, args: JsonObject = {}, more: Partial<Call> = {}): Call {
  const [server = '', name = ''] = key.split('.')
  return Object.freeze({
    id: 'call-1',
    door: 'mcp',
    principal: SOMEBODY,
    tool: { server, name },
    args,
    signal: new AbortController().signal,
    ...more,
  })
}

/** A clock that goes on only when it is told to. */
export function heldClock(): Clock & { readonly advance: (ms: number) => void } {
  let ms = 1_000
  return {
    nowMs: () => 1_700_000_000_000 + ms,
    monotonicMs: () => ms,
    advance: (more) => void (ms += more),
  }
}
