import type { ExpressionBuilder } from 'kysely'

import type { StoreLimits } from '../limits.ts'
import type { Sql } from '../sql/sql.ts'
import type { Tables } from '../sql/tables.ts'
import { pruneAuditRows } from './audit/store.ts'

const DAY_MS = 86_400_000
/** An approval is shown for so long after its time; longer, where runs live longer. */
const APPROVAL_MS = 30 * DAY_MS
/** A window of a budget that nobody has used since. The newest of an account says that older ones are over, so it stays for a while. */
const BUDGET_MS = 60 * DAY_MS
/** Rows that one step takes away. */
const STEP_ROWS = 50

/**
 * One step of taking away what is over: approvals and their uses, effects of runs that are gone, windows of budgets, rows of the audit
 * that are pruned.
 *
 * @returns true where there is more to do
 */
export async function pruneGovernance(sql: Sql, nowMs: number, limits: StoreLimits): Promise<boolean> {
  const approvalsBeforeMs = Math.floor(nowMs - Math.max(APPROVAL_MS, 2 * limits.run.ttlMs))
  const steps = [
    sql
      .deleteFrom('approval')
      .where('id', 'in', (query) =>
        query
          .selectFrom('approval')
          .select('id')
          .where('state', '<>', 'pending')
          .where('expiresAtMs', '<', approvalsBeforeMs)
          .limit(STEP_ROWS),
      ),
    sql.deleteFrom('approvalUse').where('approval', 'in', (query) =>
      query
        .selectFrom('approvalUse')
        .select('approvalUse.approval')
        .where((use) => use.not(use.exists(approvalOf(use))))
        .limit(STEP_ROWS),
    ),
    sql.deleteFrom('effect').where((query) =>
      query(
        query.refTuple('owner', 'runId', 'runKey'),
        'in',
        query
          .selectFrom('effect')
          .select(['effect.owner', 'effect.runId', 'effect.runKey'])
          .where('beganAtMs', '<', Math.floor(nowMs - limits.run.ttlMs))
          // A run that is suspended keeps what it has done, however old that is.
          .where((effect) => effect.not(effect.exists(runOf(effect))))
          .limit(STEP_ROWS)
          .$asTuple('owner', 'runId', 'runKey'),
      ),
    ),
    sql.deleteFrom('budget').where((query) =>
      query(
        query.refTuple('account', 'windowStartMs'),
        'in',
        query
          .selectFrom('budget')
          .select(['account', 'windowStartMs'])
          .where('endsAtMs', '<', Math.floor(nowMs - BUDGET_MS))
          .limit(STEP_ROWS)
          .$asTuple('account', 'windowStartMs'),
      ),
    ),
  ]
  let hasMore = await pruneAuditRows(sql, STEP_ROWS)
  for (const step of steps) {
    const { numDeletedRows } = await step.executeTakeFirst()
    if (numDeletedRows >= BigInt(STEP_ROWS)) hasMore = true
  }
  return hasMore
}

function approvalOf(use: ExpressionBuilder<Tables, 'approvalUse'>) {
  return use.selectFrom('approval').select('approval.id').whereRef('approval.id', '=', 'approvalUse.approval')
}

function runOf(effect: ExpressionBuilder<Tables, 'effect'>) {
  return effect
    .selectFrom('run')
    .select('run.id')
    .whereRef('run.owner', '=', 'effect.owner')
    .whereRef('run.id', '=', 'effect.runId')
}
