import type { AuditBody } from '../../../core/audit.ts'
import type { Link } from './chain.ts'

/** What the thread is made with. */
export interface ThreadData {
  /** The file of the store. */
  readonly path: string
}

/** From the main thread. One without bodies ends the thread. */
export interface Order {
  readonly id: number
  readonly bodies?: readonly AuditBody[]
}

/** What a failure is told apart by: an error loses it on its way between threads. */
export interface Fault {
  readonly message: string
  /** The result code of SQLite. */
  readonly errcode?: number
  readonly code?: string
}

export type Answer = { readonly id: number } & ({ readonly link: Link } | { readonly fault: Fault })
