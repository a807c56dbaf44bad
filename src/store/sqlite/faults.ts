import { GatewayError } from '../../core/errors.ts'

/** Result codes of SQLite. Source: https://sqlite.org/rescode.html */
const BUSY = 5
const LOCKED = 6
const READ_ONLY = 8
const CORRUPT = 11
const FULL = 13
const NOT_A_DATABASE = 26

const DAMAGED = 'it is damaged: move it away, and a new one is made; what it held is lost'

const REASONS: ReadonlyMap<number, string> = new Map([
  [3, 'this user may not use it'],
  [BUSY, 'another process holds it'],
  [LOCKED, 'another process holds it'],
  [READ_ONLY, 'it cannot be written by this user'],
  [10, 'the disk failed'],
  [CORRUPT, DAMAGED],
  [FULL, 'the disk is full'],
  [14, 'it cannot be opened: check that its folder exists and that this user may write there'],
  [NOT_A_DATABASE, 'it is no database: move it away, or name another file with `store.path`'],
])

/** Makes a GatewayError of what SQLite or the file system threw; `where` is the file, for a person. */
export function toStoreError(thrown: unknown, where: string): GatewayError {
  if (thrown instanceof GatewayError) return thrown
  const code = resultCode(thrown)
  const reason = (code === undefined ? undefined : REASONS.get(code)) ?? systemReason(thrown)
  return new GatewayError('store_unusable', `${where}: ${reason}.`, { cause: thrown })
}

/** A database that opens and is not whole. */
export function damaged(where: string): GatewayError {
  return new GatewayError('store_unusable', `${where}: ${DAMAGED}.`)
}

/** True where another process is writing at this moment. */
export function isBusy(thrown: unknown): boolean {
  const code = resultCode(thrown)
  return code === BUSY || code === LOCKED
}

/** The primary code: the lower eight bits of the extended one. */
function resultCode(thrown: unknown): number | undefined {
  const { errcode } = (thrown ?? {}) as { readonly errcode?: unknown }
  return typeof errcode === 'number' ? errcode & 0xff : undefined
}

function systemReason(thrown: unknown): string {
  const { code } = (thrown ?? {}) as { readonly code?: unknown }
  if (code === 'ERR_INVALID_STATE') return 'it is closed'
  return typeof code === 'string' ? `it cannot be used (${code})` : 'it cannot be used'
}
