import type { AuditEvent } from '../core/audit.ts'
import type { ErrorCode } from '../core/error-table.ts'
import type { Standing } from '../core/identity.ts'
import type { NewId } from '../core/ports.ts'
import type { Principal } from '../core/principal.ts'

/** Hears of everybody who knocks. Never throws. */
export interface Logins {
  /** Tells of the first time in this process that a principal comes in. */
  readonly accepted: (principal: Principal, standing: Standing) => void
  /** Tells of a refusal; of a flood of them only so many a second, and how many more there were. */
  readonly refused: (code: ErrorCode, principal: Principal | undefined, address: string | undefined) => void
  /** Tells what is still untold. */
  readonly close: () => void
}

export interface LoginParts {
  readonly note: (event: AuditEvent) => void
  /** Wall clock, milliseconds since the epoch. */
  readonly nowMs: () => number
  readonly newId: NewId
  /** Refusals that are told of in a second. */
  readonly maxPerSecond?: number
}

const MAX_PER_SECOND = 10
const SECOND_MS = 1_000
/** Nobody has so many keys; beyond it somebody is told of twice. */
const MAX_KNOWN = 100_000

/** Makes the events `login` and `login.refused` of the audit. */
export function createLogins({ note, nowMs, newId, maxPerSecond = MAX_PER_SECOND }: LoginParts): Logins {
  const known = new Set<string>()
  let told = 0
  let untold = 0
  let timer: NodeJS.Timeout | undefined

  const eventOf = (kind: 'login' | 'login.refused', principal: string) => ({
    kind,
    atMs: nowMs(),
    id: newId(),
    principal,
  })
  const endSecond = (): void => {
    clearTimeout(timer)
    timer = undefined
    told = 0
    if (untold === 0) return
    const count = untold
    untold = 0
    note({ ...eventOf('login.refused', 'unknown'), outcome: 'refused', detail: { more: count } })
  }
  return {
    accepted(principal, { organisation, team }) {
      if (known.has(principal.id)) return
      if (known.size >= MAX_KNOWN) known.clear()
      known.add(principal.id)
      note({
        ...eventOf('login', principal.id),
        ...(organisation === undefined ? {} : { organisation }),
        ...(team === undefined ? {} : { team }),
        outcome: 'ok',
      })
    },
    refused(code, principal, address) {
      timer ??= setTimeout(endSecond, SECOND_MS).unref()
      if (told >= maxPerSecond) {
        untold += 1
        return
      }
      told += 1
      note({
        ...eventOf('login.refused', principal?.id ?? 'unknown'),
        outcome: 'refused',
        code,
        ...(address === undefined ? {} : { detail: { address } }),
      })
    },
    close: endSecond,
  }
}
