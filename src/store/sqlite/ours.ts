import type { DatabaseSync } from 'node:sqlite'

import { GatewayError } from '../../core/errors.ts'
import { numberOf } from './database.ts'

/** "isog": tells a file of ours from a database of another program. */
const APPLICATION_ID = 0x69736f67

/** Marks a file as ours; the table of versions is made with it. For the transaction of a migration. */
export const MARKS: readonly string[] = [
  `PRAGMA application_id = ${APPLICATION_ID}`,
  'CREATE TABLE IF NOT EXISTS migration (version INTEGER PRIMARY KEY, "appliedAtMs" INTEGER NOT NULL) STRICT',
]

/**
 * The version of the schema of a file of ours, 0 of an empty one. Changes nothing.
 *
 * @param where the file, for a person
 * @throws GatewayError `store_unusable` where the file belongs to another program
 */
export function versionOf(database: DatabaseSync, where: string): number {
  const id = numberOf(database, 'PRAGMA application_id')
  if (id === 0 && numberOf(database, 'SELECT count(*) FROM sqlite_schema') === 0) return 0
  if (id !== APPLICATION_ID)
    throw new GatewayError('store_unusable', `${where} is a database of another program.`)
  return numberOf(database, 'SELECT coalesce(max(version), 0) FROM migration')
}
