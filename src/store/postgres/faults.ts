import { GatewayError } from '../../core/errors.ts'

/** By SQLSTATE, or by its class. Source: PostgreSQL, Appendix A, "PostgreSQL Error Codes" */
const REASONS: ReadonlyMap<string, string> = new Map([
  ['08', 'the connection was lost'],
  ['25006', 'it can only be read: it may be a standby'],
  ['28', 'the user or the password is wrong'],
  ['3D000', 'there is no such database'],
  ['40', 'it was held up by somebody else'],
  ['42501', 'this user may not use it'],
  ['53100', 'its disk is full'],
  ['53300', 'it has as many connections as it takes'],
  ['53', 'it has no room left'],
  ['55P03', 'another process holds it'],
  ['57014', 'it took too long to answer'],
  ['57', 'it is being shut down or has just been started'],
  ['58', 'its disk failed'],
  ['XX', 'it is damaged'],
])

const NETWORK: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'nobody answers there'],
  ['ENOTFOUND', 'there is no such host'],
  ['EAI_AGAIN', 'the name of the host cannot be looked up'],
  ['ETIMEDOUT', 'it does not answer'],
  ['ECONNRESET', 'the connection was lost'],
  ['EPIPE', 'the connection was lost'],
])

/** The server ends it, or somebody between. What the driver finds out by itself has no code. */
const LOST = /^(?:08...|57P0[12]|ECONNRESET|EPIPE)$/

/**
 * Makes a GatewayError of what the driver threw.
 *
 * @param where the address without user and password, for a person
 */
export function toPostgresError(thrown: unknown, where: string): GatewayError {
  if (thrown instanceof GatewayError) return thrown
  const code = codeOf(thrown)
  const reason = (code === undefined ? undefined : reasonOf(code)) ?? 'it does not answer'
  // What the driver says may hold the values of a row, so only its code goes on.
  const cause = new Error(code === undefined ? 'the driver failed' : `PostgreSQL ${code}`)
  return new GatewayError('store_unusable', `${where}: ${reason}.`, { cause })
}

/** True where the connection is gone, or is about to go, and nobody says why. */
export function isLost(thrown: unknown): boolean {
  const code = codeOf(thrown)
  return code === undefined ? thrown instanceof Error : LOST.test(code)
}

function reasonOf(code: string): string | undefined {
  const known = NETWORK.get(code) ?? REASONS.get(code) ?? REASONS.get(code.slice(0, 2))
  return known ?? (/^[0-9A-Z]{5}$/.test(code) ? `it refused a statement (${code})` : undefined)
}

/** Of one who answered, or of the first of several addresses that were tried. */
function codeOf(thrown: unknown): string | undefined {
  const { code, errors } = (thrown ?? {}) as { readonly code?: unknown; readonly errors?: unknown }
  if (typeof code === 'string' && code !== '') return code
  return Array.isArray(errors) && errors.length > 0 ? codeOf(errors[0]) : undefined
}
