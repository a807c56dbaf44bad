import { executeAll } from '../sql/execute.ts'
import type { Migration } from '../sql/sql.ts'
import { wordsOf } from '../sql/words.ts'

/**
 * The first schema. Large columns stand last: what is read without them need not be fetched from the pages that they fill.
 */
export const PARTS_MIGRATION: Migration = {
  version: 1,
  up: (sql, dialect) => {
    const { integer, text, counter, strict } = wordsOf(dialect)
    const withoutRowId = dialect === 'sqlite' ? ', WITHOUT ROWID' : ''
    return executeAll(sql, [
      `CREATE TABLE handle (
        seq ${counter},
        handle ${text} NOT NULL UNIQUE,
        owner ${text} NOT NULL,
        bytes ${integer} NOT NULL,
        "savedAtMs" ${integer} NOT NULL,
        "expiresAtMs" ${integer} NOT NULL,
        kind ${text} NOT NULL,
        "mimeType" ${text},
        name ${text},
        json ${text} NOT NULL
      )${strict}`,
      'CREATE INDEX handle_owner ON handle (owner, bytes)',
      'CREATE INDEX handle_expiry ON handle ("expiresAtMs")',
      `CREATE TABLE run (
        owner ${text} NOT NULL,
        id ${text} NOT NULL,
        bytes ${integer} NOT NULL,
        "savedAtMs" ${integer} NOT NULL,
        "expiresAtMs" ${integer} NOT NULL,
        claim ${text},
        "claimUntilMs" ${integer} NOT NULL DEFAULT 0,
        reasons ${text} NOT NULL,
        options ${text} NOT NULL,
        code ${text} NOT NULL,
        input ${text},
        record ${text} NOT NULL,
        PRIMARY KEY (owner, id)
      )${strict}`,
      'CREATE INDEX run_owner ON run (owner, bytes)',
      'CREATE INDEX run_expiry ON run ("expiresAtMs")',
      `CREATE TABLE shape (
        key ${text} PRIMARY KEY,
        "savedAtMs" ${integer} NOT NULL,
        samples ${integer} NOT NULL,
        results ${integer} NOT NULL,
        shape ${text} NOT NULL
      )${strict}`,
      'CREATE INDEX shape_age ON shape ("savedAtMs")',
      `CREATE TABLE usage (
        key ${text} PRIMARY KEY,
        "usedAtMs" ${integer} NOT NULL,
        count ${integer} NOT NULL
      )${strict}`,
      'CREATE INDEX usage_age ON usage ("usedAtMs")',
      `CREATE TABLE savings (
        day ${integer} NOT NULL,
        principal ${text} NOT NULL,
        method ${text} NOT NULL,
        runs ${integer} NOT NULL,
        calls ${integer} NOT NULL,
        "turnsAvoided" ${integer} NOT NULL,
        "directTokens" ${integer} NOT NULL,
        "usedTokens" ${integer} NOT NULL,
        PRIMARY KEY (day, principal, method)
      )${strict}${withoutRowId}`,
    ])
  },
}
