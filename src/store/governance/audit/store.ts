import { setTimeout as sleep } from 'node:timers/promises'

import { CompiledQuery } from 'kysely'

import type { AuditCheckpoint, AuditStore } from '../../../core/audit.ts'
import { GatewayError } from '../../../core/errors.ts'
import type { PartPorts } from '../../ports.ts'
import type { Sql } from '../../sql/sql.ts'
import { takeTurn } from '../../sql/turns.ts'
import { LAST_LINK, type AuditWriter, type Link } from './chain.ts'
import { listAudit, readFloor } from './list.ts'

/** Rows that one step of pruning takes away, and the pause after it: others want to write too. */
const STEP_ROWS = 200
const STEP_PAUSE_MS = 5
const FLOOR = 'audit.floor'

/** @param writer puts the rows on the end of the chain */
export function createAuditStore(ports: PartPorts, writer: AuditWriter): AuditStore {
  const { sql, looseSql, dialect, attempt } = ports
  return {
    append: (bodies) => attempt(() => writer.append(bodies)),
    list: (query) => attempt(() => listAudit(ports, query)),
    last: () =>
      attempt(async () => {
        const { rows } = await sql.executeQuery<Link>(CompiledQuery.raw(LAST_LINK))
        return rows[0]
      }),
    checkpoints: (fromSeq) =>
      attempt(async (): Promise<readonly AuditCheckpoint[]> =>
        sql
          .selectFrom('auditCheckpoint')
          .select(['seq', 'hash', 'previous', 'atMs', 'keyId', 'signature'])
          .where('seq', '>=', fromSeq)
          .orderBy('seq')
          .orderBy('keyId')
          .execute(),
      ),
    putCheckpoint: ({ seq, hash, previous, atMs, keyId, signature }) =>
      attempt(async () => {
        await sql
          .insertInto('auditCheckpoint')
          .values({ seq, hash, previous, atMs, keyId, signature })
          .onConflict((conflict) => conflict.doNothing())
          .execute()
      }),
    prune: async (checkpointSeq) => {
      const count = await attempt(() =>
        sql.transaction().execute(async (transaction) => {
          await takeTurn(transaction, dialect, 'audit')
          return raiseFloor(transaction, checkpointSeq)
        }),
      )
      // Nobody sees these rows any more, so they can go little by little; what is left when the process ends goes with the next ones.
      while (await attempt(() => pruneAuditRows(looseSql, STEP_ROWS))) await sleep(STEP_PAUSE_MS)
      return count
    },
    close: () => writer.close(),
  }
}

/** Takes away rows that are under the floor. @returns true where there may be more */
export async function pruneAuditRows(sql: Sql, count: number): Promise<boolean> {
  let hasMore = false
  for (const table of ['auditSearch', 'auditRow'] as const) {
    const { numDeletedRows } = await sql
      .deleteFrom(table as 'auditRow')
      .where('seq', 'in', (query) =>
        query
          .selectFrom(table as 'auditRow')
          .select('seq')
          .where('seq', '<=', readFloor())
          .orderBy('seq')
          .limit(count),
      )
      .executeTakeFirst()
    if (numDeletedRows >= BigInt(count)) hasMore = true
  }
  return hasMore
}

/**
 * Hides all rows up to a checkpoint, at once, and forgets older checkpoints.
 *
 * @returns how many rows that were
 */
async function raiseFloor(sql: Sql, checkpointSeq: number): Promise<number> {
  const checkpoints = await sql
    .selectFrom('auditCheckpoint')
    .select('hash')
    .where('seq', '=', checkpointSeq)
    .execute()
  const { value: floor } = await sql
    .selectFrom('mark')
    .select('value')
    .where('name', '=', FLOOR)
    .executeTakeFirstOrThrow()
  if (checkpoints.length === 0)
    throw new GatewayError('not_there', `There is no checkpoint with the number ${checkpointSeq}.`)
  if (checkpointSeq <= floor) return 0
  const row = await sql
    .selectFrom('auditRow')
    .select('hash')
    .where('seq', '=', checkpointSeq)
    .executeTakeFirst()
  // From then on the checkpoint stands for the row: one that is about another row would cut the chain.
  if (!checkpoints.every(({ hash }) => hash === row?.hash))
    throw new GatewayError(
      'audit_broken',
      `Row ${checkpointSeq} is not the one that its checkpoint is about.`,
    )
  const { count } = await sql
    .selectFrom('auditRow')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('seq', '>', floor)
    .where('seq', '<=', checkpointSeq)
    .executeTakeFirstOrThrow()
  await sql.updateTable('mark').set({ value: checkpointSeq }).where('name', '=', FLOOR).execute()
  await sql.deleteFrom('auditCheckpoint').where('seq', '<', checkpointSeq).execute()
  return count
}
