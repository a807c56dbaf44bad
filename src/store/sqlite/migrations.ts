import type { DatabaseSync } from 'node:sqlite'

import { GatewayError } from '../../core/errors.ts'
import { inTransaction, numberOf } from './database.ts'

/** "isog": tells a file of ours from a database of another program. */
const APPLICATION_ID = 0x69736f67

/**
 * The steps from an empty file to the schema of today. A step that was released is never changed, only followed by another.
 * Large columns stand last: what is read without them need not be fetched from the pages that they fill.
 */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE handle (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    handle TEXT NOT NULL UNIQUE,
    owner TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    savedAtMs INTEGER NOT NULL,
    expiresAtMs INTEGER NOT NULL,
    kind TEXT NOT NULL,
    mimeType TEXT,
    name TEXT,
    json TEXT NOT NULL
  ) STRICT;
  CREATE INDEX handle_owner ON handle (owner, bytes);
  CREATE INDEX handle_expiry ON handle (expiresAtMs);

  CREATE TABLE run (
    owner TEXT NOT NULL,
    id TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    savedAtMs INTEGER NOT NULL,
    expiresAtMs INTEGER NOT NULL,
    claim TEXT,
    claimUntilMs INTEGER NOT NULL DEFAULT 0,
    reasons TEXT NOT NULL,
    options TEXT NOT NULL,
    code TEXT NOT NULL,
    input TEXT,
    record TEXT NOT NULL,
    PRIMARY KEY (owner, id)
  ) STRICT;
  CREATE INDEX run_owner ON run (owner, bytes);
  CREATE INDEX run_expiry ON run (expiresAtMs);

  CREATE TABLE shape (
    key TEXT PRIMARY KEY,
    savedAtMs INTEGER NOT NULL,
    samples INTEGER NOT NULL,
    results INTEGER NOT NULL,
    shape TEXT NOT NULL
  ) STRICT;
  CREATE INDEX shape_age ON shape (savedAtMs);

  CREATE TABLE usage (
    key TEXT PRIMARY KEY,
    usedAtMs INTEGER NOT NULL,
    count INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX usage_age ON usage (usedAtMs);

  CREATE TABLE savings (
    day INTEGER NOT NULL,
    principal TEXT NOT NULL,
    method TEXT NOT NULL,
    runs INTEGER NOT NULL,
    calls INTEGER NOT NULL,
    turnsAvoided INTEGER NOT NULL,
    directTokens INTEGER NOT NULL,
    usedTokens INTEGER NOT NULL,
    PRIMARY KEY (day, principal, method)
  ) STRICT, WITHOUT ROWID;
  `,
]

/** The version of a store that this Isogate writes. */
const SCHEMA_VERSION = MIGRATIONS.length

/**
 * Looks whether a database is one of ours, or empty. Changes nothing.
 *
 * @param where the file, for a person
 * @throws GatewayError `store_newer`, or `store_unusable` where the file belongs to another program
 */
export function requireOurs(database: DatabaseSync, where: string): void {
  versionOf(database, where)
}

/** Brings a database up to date. Several processes may try at the same time: the second finds it done. */
export function migrate(database: DatabaseSync, where: string, nowMs: number): void {
  // Reading alone tells in the usual case, so that a start does not wait for a writer.
  if (versionOf(database, where) === SCHEMA_VERSION) return
  inTransaction(database, () => {
    const version = versionOf(database, where)
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}`)
    database.exec(
      'CREATE TABLE IF NOT EXISTS migration (version INTEGER PRIMARY KEY, appliedAtMs INTEGER NOT NULL) STRICT',
    )
    const insert = database.prepare('INSERT INTO migration (version, appliedAtMs) VALUES (?, ?)')
    for (const [index, script] of MIGRATIONS.entries()) {
      if (index < version) continue
      database.exec(script)
      insert.run(index + 1, nowMs)
    }
  })
}

function versionOf(database: DatabaseSync, where: string): number {
  const id = numberOf(database, 'PRAGMA application_id')
  if (id === 0 && numberOf(database, 'SELECT count(*) FROM sqlite_schema') === 0) return 0
  if (id !== APPLICATION_ID)
    throw new GatewayError('store_unusable', `${where} is a database of another program.`)
  const version = numberOf(database, 'SELECT coalesce(max(version), 0) FROM migration')
  if (version <= SCHEMA_VERSION) return version
  throw new GatewayError('store_newer', `${where} has version ${version}, known is ${SCHEMA_VERSION}.`, {
    detail: { version, known: SCHEMA_VERSION },
  })
}
