import { hash } from 'node:crypto'

/** What the first row of a chain has in the place of the hash before it. */
export const FIRST_HASH = '0'.repeat(64)

/**
 * The hash of a row of the audit: SHA-256, hexadecimal, over its number, the hash of the row before and its body, with a line feed
 * between each two.
 *
 * @param body canonical JSON, which has no line feed
 */
export function hashAuditRow(seq: number, previousHash: string, body: string): string {
  return hash('sha256', `${seq}\n${previousHash}\n${body}`)
}
