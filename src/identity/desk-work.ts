import type { DeclaredIdentities } from '../config/schema/identity.ts'
import type { Audit, AuditEvent } from '../core/audit.ts'
import { GatewayError } from '../core/errors.ts'
import type { IdentityStore } from '../core/identity.ts'
import type { NewId } from '../core/ports.ts'
import { joinIdentities, type Enrolled, type Roll } from './roll.ts'
import type { RandomBytes } from './secret.ts'

export interface DeskParts {
  readonly store: IdentityStore
  /** What the configuration declares now. */
  readonly declared: () => DeclaredIdentities
  /** Wall clock, milliseconds since the epoch. */
  readonly nowMs: () => number
  readonly random: RandomBytes
  readonly newId: NewId
  /** Makes a change hold in this process: that of the keyring. Absent: nobody is let in here. */
  readonly refresh?: () => Promise<void>
  /** Absent: nothing is recorded. */
  readonly audit?: Pick<Audit, 'record' | 'requireReady'>
}

/** What is done to what, by whom. */
export interface Deed {
  readonly what: 'organisation' | 'team' | 'key'
  readonly id: string
  readonly action: 'created' | 'changed' | 'removed' | 'rotated' | 'revoked'
  readonly by: string
}

/** What all changes have in common. */
export interface DeskWork {
  readonly read: () => Promise<Roll>
  /**
   * Makes a change: one after the other, on what is there in that moment, recorded, and in force when it resolves.
   *
   * @throws GatewayError `already_there`, `not_there`, `declared`, `audit_unavailable`, and what `work` throws
   */
  readonly change: <Kind>(
    deed: Deed,
    isNew: boolean,
    of: (roll: Roll) => ReadonlyMap<string, Enrolled<Kind>>,
    work: (roll: Roll, record: Kind | undefined) => Promise<void>,
  ) => Promise<void>
}

/** Makes the work of a desk. */
export function createDeskWork(parts: DeskParts): DeskWork {
  const { store, declared, audit, refresh, nowMs, newId } = parts
  let last: Promise<unknown> = Promise.resolve()
  const read = async (): Promise<Roll> => joinIdentities(declared(), await store.load())

  return {
    read,
    change(deed, isNew, of, work) {
      const turn = last
        .catch(() => {})
        .then(async () => {
          // Nothing that has to be recorded begins where it cannot be.
          audit?.requireReady()
          const roll = await read()
          const found = of(roll).get(deed.id)
          requirePlace(deed, isNew, found)
          await work(roll, found?.record)
          // Both, whatever becomes of the other: what was written has to be recorded, and to hold.
          const ends = await Promise.allSettled([refresh?.(), audit?.record(toEvent(deed, nowMs(), newId()))])
          // Where it does not hold yet, whoever revoked a key must not believe that it is refused already.
          const failed = ends.find((end) => end.status === 'rejected')
          if (failed !== undefined) throw failed.reason
        })
      last = turn
      return turn
    },
  }
}

function requirePlace({ what, id }: Deed, isNew: boolean, found: Enrolled<unknown> | undefined): void {
  const name = `${what} "${id.slice(0, 64)}"`
  if (found?.isDeclared === true)
    throw new GatewayError('declared', `The ${name} stands in the configuration.`)
  if (isNew && found !== undefined) throw new GatewayError('already_there', `There is a ${name} already.`)
  if (!isNew && found === undefined) throw new GatewayError('not_there', `There is no ${name}.`)
}

function toEvent({ what, id, action, by }: Deed, atMs: number, eventId: string): AuditEvent {
  return {
    kind: 'identity.changed',
    atMs,
    id: eventId,
    principal: by,
    outcome: 'ok',
    detail: { what, name: id, action },
  }
}
