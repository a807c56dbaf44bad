/** The shortest wait between two attempts, milliseconds. */
export const BACKOFF_MIN_MS = 1_000
/** The longest wait between two attempts, milliseconds. */
export const BACKOFF_MAX_MS = 60_000

/**
 * How long to wait before the next attempt, in milliseconds.
 *
 * Doubles with each failure from 1 s to 60 s. The upper half of the wait is random: many gateways that
 * lost the same upstream at the same moment must not come back at the same moment.
 *
 * @param failures Attempts that have failed in a row, from 1.
 * @param random A number from 0 to 1.
 */
export function backoffMs(failures: number, random: number): number {
  const ceiling = Math.min(BACKOFF_MAX_MS, BACKOFF_MIN_MS * 2 ** Math.min(failures - 1, 16))
  return Math.max(BACKOFF_MIN_MS, ceiling * (0.5 + random / 2))
}
