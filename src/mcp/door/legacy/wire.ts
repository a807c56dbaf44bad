import type { JsonObject } from '../../../core/json.ts'
import type { Result } from '../../../core/result.ts'

/** Revisions that open with `initialize`, newest first. */
const VERSIONS: readonly string[] = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05', '2024-10-07']

/** The revision that is spoken with a client that asks for one: that one, or the newest where it is not known. */
export function agreeOnVersion(asked: unknown): string {
  return typeof asked === 'string' && VERSIONS.includes(asked) ? asked : (VERSIONS[0] ?? '')
}

/** A result without what only the newer era has. */
export function toLegacyResult(result: Result | JsonObject): object {
  const { resultType, ttlMs: _ttl, cacheScope: _scope, ...rest } = result
  // A type that older clients do not know is kept: it says why the rest is not what they expect.
  return resultType === undefined || resultType === 'complete' ? rest : { ...rest, resultType }
}

/** From the least severe to the most. Source: MCP 2025-11-25, server/utilities/logging. */
const LEVELS: readonly unknown[] = [
  'debug',
  'info',
  'notice',
  'warning',
  'error',
  'critical',
  'alert',
  'emergency',
]

/** True for the name of a level of log messages. */
export function isLogLevel(level: unknown): level is string {
  return LEVELS.includes(level)
}

/** True where a message of a level is to be sent to a client that wants messages from another level on. */
export function isLoud(level: unknown, least: string | undefined): boolean {
  return least === undefined || LEVELS.indexOf(level) >= LEVELS.indexOf(least)
}
