import type { DatabaseSync } from 'node:sqlite'

import type { Clock } from '../../core/ports.ts'
import type { StoreLimits } from '../limits.ts'

/** What each part of the store is made with. */
export interface PartPorts {
  readonly database: DatabaseSync
  readonly clock: Clock
  readonly limits: StoreLimits
  /** That many unguessable bytes. */
  readonly random: (bytes: number) => Buffer
  /** Runs work on the database; its failures become GatewayErrors. */
  readonly attempt: <Value>(work: () => Value) => Value
  /** The same for what may be lost: where it fails the fault is reported, and `fallback` is what there is. */
  readonly forgive: <Value>(fallback: Value, work: () => Value) => Value
}
