import { executeAll } from '../sql/execute.ts'
import type { Migration } from '../sql/sql.ts'
import { wordsOf, type Words } from '../sql/words.ts'

/**
 * PostgreSQL only. In a file of SQLite each event would change a page of each index, somewhere else each time: seven times as much to
 * write before an answer may leave. There a search goes through the table, which is narrow.
 */
const SEARCH_INDEXES: readonly string[] = [
  `CREATE INDEX "auditSearch_at" ON "auditSearch" ("atMs")`,
  `CREATE INDEX "auditSearch_principal" ON "auditSearch" ("principal", "seq")`,
  `CREATE INDEX "auditSearch_tool" ON "auditSearch" ("tool", "seq")`,
  // Nearly every row is a call, and ends well: an index of those would only cost.
  `CREATE INDEX "auditSearch_kind" ON "auditSearch" ("kind", "seq") WHERE "kind" <> 'call'`,
  `CREATE INDEX "auditSearch_outcome" ON "auditSearch" ("outcome", "seq") WHERE "outcome" <> 'ok'`,
]

/** Who may call, approvals, effects, budgets and the audit. */
export const GOVERNANCE_MIGRATION: Migration = {
  version: 2,
  up: async (sql, dialect) => {
    await executeAll(sql, statementsOf(wordsOf(dialect)))
    if (dialect === 'postgres') await executeAll(sql, SEARCH_INDEXES)
  },
}

/** Large columns stand last: what is read without them need not be fetched from the pages that they fill. */
function statementsOf({ integer, text, strict }: Words): readonly string[] {
  const level = `
    "id" ${text} PRIMARY KEY,
    "title" ${text},
    "policy" ${text} NOT NULL,
    "limits" ${text} NOT NULL`
  return [
    `CREATE TABLE "organisation" (${level})${strict}`,
    `CREATE TABLE "team" (${level},
      "organisation" ${text})${strict}`,
    `CREATE TABLE "virtualKey" (${level},
      "team" ${text},
      "secrets" ${text} NOT NULL,
      "createdAtMs" ${integer} NOT NULL,
      "expiresAtMs" ${integer},
      "revokedAtMs" ${integer})${strict}`,
    `CREATE TABLE "mark" ("name" ${text} PRIMARY KEY, "value" ${integer} NOT NULL)${strict}`,
    `INSERT INTO "mark" ("name", "value") VALUES ('identity', 0), ('audit.floor', 0)`,

    `CREATE TABLE "approval" (
      "id" ${text} PRIMARY KEY,
      "owner" ${text} NOT NULL,
      "team" ${text},
      "state" ${text} NOT NULL,
      "kind" ${text} NOT NULL,
      "tool" ${text} NOT NULL,
      "hash" ${text} NOT NULL,
      "codeHash" ${text} NOT NULL,
      "runId" ${text} NOT NULL,
      "runKey" ${text} NOT NULL,
      "binding" ${text} NOT NULL,
      "rule" ${text} NOT NULL,
      "createdAtMs" ${integer} NOT NULL,
      "expiresAtMs" ${integer} NOT NULL,
      "fourEyes" ${integer} NOT NULL,
      "scope" ${text} NOT NULL,
      "bytes" ${integer} NOT NULL,
      "decision" ${text},
      "subject" ${text} NOT NULL)${strict}`,
    `CREATE INDEX "approval_call" ON "approval" ("owner", "hash")`,
    `CREATE INDEX "approval_run" ON "approval" ("owner", "runId")`,
    `CREATE INDEX "approval_code" ON "approval" ("owner", "codeHash")`,
    `CREATE INDEX "approval_state" ON "approval" ("state", "expiresAtMs")`,
    `CREATE INDEX "approval_age" ON "approval" ("createdAtMs")`,
    `CREATE TABLE "approvalUse" (
      "owner" ${text} NOT NULL,
      "runId" ${text} NOT NULL,
      "runKey" ${text} NOT NULL,
      "approval" ${text} NOT NULL,
      "hash" ${text} NOT NULL,
      "glob" ${text} NOT NULL,
      PRIMARY KEY ("owner", "runId", "runKey"))${strict}`,
    `CREATE INDEX "approvalUse_approval" ON "approvalUse" ("approval", "glob", "hash")`,

    `CREATE TABLE "effect" (
      "owner" ${text} NOT NULL,
      "runId" ${text} NOT NULL,
      "runKey" ${text} NOT NULL,
      "tool" ${text} NOT NULL,
      "argumentsHash" ${text} NOT NULL,
      "beganAtMs" ${integer} NOT NULL,
      "outcome" ${text},
      PRIMARY KEY ("owner", "runId", "runKey"))${strict}`,
    `CREATE INDEX "effect_age" ON "effect" ("beganAtMs")`,

    `CREATE TABLE "budget" (
      "account" ${text} NOT NULL,
      "windowStartMs" ${integer} NOT NULL,
      "endsAtMs" ${integer} NOT NULL,
      "amount" ${integer} NOT NULL,
      "spent" ${integer} NOT NULL,
      "taken" ${integer} NOT NULL,
      PRIMARY KEY ("account", "windowStartMs"))${strict}`,
    `CREATE INDEX "budget_end" ON "budget" ("endsAtMs")`,
    `CREATE TABLE "budgetWindow" ("account" ${text} PRIMARY KEY, "windowStartMs" ${integer} NOT NULL)${strict}`,

    `CREATE TABLE "auditRow" (
      "seq" ${integer} PRIMARY KEY,
      "hash" ${text} NOT NULL,
      "body" ${text} NOT NULL)${strict}`,
    `CREATE TABLE "auditSearch" (
      "seq" ${integer} PRIMARY KEY,
      "atMs" ${integer} NOT NULL,
      "kind" ${text} NOT NULL,
      "principal" ${text} NOT NULL,
      "tool" ${text} NOT NULL,
      "outcome" ${text} NOT NULL)${strict}`,
    `CREATE TABLE "auditCheckpoint" (
      "seq" ${integer} NOT NULL,
      "hash" ${text} NOT NULL,
      "previous" ${integer} NOT NULL,
      "atMs" ${integer} NOT NULL,
      "keyId" ${text} NOT NULL,
      "signature" ${text} NOT NULL,
      PRIMARY KEY ("seq", "keyId"))${strict}`,
  ]
}
