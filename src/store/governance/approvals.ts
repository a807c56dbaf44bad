import type { Approval, ApprovalQuery, ApprovalStore } from '../../core/approval.ts'
import { GatewayError } from '../../core/errors.ts'
import { isKey } from '../keys.ts'
import type { PartPorts } from '../ports.ts'
import type { SqlTransaction } from '../sql/sql.ts'
import { takeTurn } from '../sql/turns.ts'
import { fromApprovalRow, identityOf, toApprovalRow } from './approval-row.ts'
import { takeGrant } from './grants.ts'

const MIB = 1024 * 1024
/** Of one owner: whoever asks without end is refused, and nobody else is. */
const OWNER_BYTES = 64 * MIB
const OWNER_PENDING = 1_000
const SUBJECT_BYTES = 8 * MIB
const LIST_ROWS = 100
const MAX_LIST_ROWS = 1_000
const LIST_BYTES = 64 * MIB
/** Approvals that are marked together; the rest waits for the next time, and grants nothing until then. */
const EXPIRE_ROWS = 100

/** What is over: it grants nothing any more. */
const OVER = ['denied', 'expired', 'used']

/** Approvals. Those who ask for one owner take turns; of two who decide or take, the one whose statement comes first succeeds. */
export function createApprovals(ports: PartPorts): ApprovalStore {
  const { sql, dialect, clock, limits, seal, attempt } = ports

  /** Makes room by what is over, and refuses where that is not enough. */
  async function requireRoom(transaction: SqlTransaction, owner: string, bytes: number): Promise<void> {
    const sums = () =>
      transaction
        .selectFrom('approval')
        .select((row) => [
          row.fn.coalesce(row.fn.sum<number>('bytes'), row.lit(0)).as('bytes'),
          row.fn.countAll<number>().filterWhere('state', '=', 'pending').as('pending'),
        ])
        .where('owner', '=', owner)
        .executeTakeFirstOrThrow()
    const { pending, bytes: used } = await sums()
    if (bytes > SUBJECT_BYTES || pending >= OWNER_PENDING)
      throw new GatewayError('store_full', 'Too much waits for an approval of this caller.')
    if (used + bytes <= OWNER_BYTES) return
    await transaction.deleteFrom('approval').where('owner', '=', owner).where('state', 'in', OVER).execute()
    if ((await sums()).bytes + bytes > OWNER_BYTES)
      throw new GatewayError('store_full', 'Too much waits for an approval of this caller.')
  }

  async function ask(approval: Approval): Promise<Approval> {
    const subject = JSON.stringify(approval.subject)
    const identity = identityOf(approval)
    const names = [identity.owner, identity.runId, identity.runKey, approval.id]
    if (!names.every((name) => isKey(name, limits)))
      throw new GatewayError('store_full', `A name is longer than ${limits.keyChars} characters.`)
    return sql.transaction().execute(async (transaction) => {
      await takeTurn(transaction, dialect, `approval:${identity.owner}`)
      const waiting = await transaction
        .selectFrom('approval')
        .selectAll()
        .where((row) => row.and(identity))
        .where('state', '=', 'pending')
        .where('expiresAtMs', '>', Math.floor(clock.nowMs()))
        .executeTakeFirst()
      if (waiting !== undefined) return fromApprovalRow(waiting, seal)
      await requireRoom(transaction, identity.owner, Buffer.byteLength(subject))
      await transaction
        .insertInto('approval')
        .values(toApprovalRow(approval, subject, seal))
        .execute()
      return approval
    })
  }

  async function list({ owner, state, run, limit = LIST_ROWS }: ApprovalQuery): Promise<readonly Approval[]> {
    let newest = sql.selectFrom('approval').select(['id', 'bytes'])
    if (owner !== undefined) newest = newest.where('owner', '=', owner)
    if (state !== undefined) newest = newest.where('state', '=', state)
    if (run !== undefined) newest = newest.where('runId', '=', run)
    const found = await newest
      .orderBy('createdAtMs', 'desc')
      .orderBy('id', 'desc')
      .limit(Math.max(1, Math.min(Math.floor(limit), MAX_LIST_ROWS)))
      .execute()
    // Arguments are a stranger's, and many large ones together are more than a process has room for.
    let bytes = 0
    const ids = found.filter((row) => (bytes += row.bytes) <= LIST_BYTES).map(({ id }) => id)
    if (ids.length === 0) return []
    const rows = await sql.selectFrom('approval').selectAll().where('id', 'in', ids).execute()
    const places = new Map(ids.map((id, index) => [id, index]))
    return rows
      .toSorted((one, other) => (places.get(one.id) ?? 0) - (places.get(other.id) ?? 0))
      .map((row) => fromApprovalRow(row, seal))
  }

  return {
    ask: (approval) => attempt(() => ask(approval)),
    load: (id) =>
      attempt(async () => {
        if (!isKey(id, limits)) return undefined
        const row = await sql.selectFrom('approval').selectAll().where('id', '=', id).executeTakeFirst()
        return row === undefined ? undefined : fromApprovalRow(row, seal)
      }),
    list: (query) => attempt(() => list(query)),
    decide: (id, state, decision) =>
      attempt(async () => {
        if (!isKey(id, limits)) return false
        // One statement: the second finds that it does not wait any more.
        const { numUpdatedRows } = await sql
          .updateTable('approval')
          .set({ state, scope: decision.scope, decision: JSON.stringify(decision) })
          .where('id', '=', id)
          .where('state', '=', 'pending')
          .where('expiresAtMs', '>', Math.floor(Math.max(decision.atMs, clock.nowMs())))
          .executeTakeFirst()
        return numUpdatedRows === 1n
      }),
    take: (request) => attempt(() => takeGrant(ports, request)),
    expire: (nowMs) =>
      attempt(async () => {
        const rows = await sql
          .updateTable('approval')
          .set({ state: 'expired' })
          .where('state', '=', 'pending')
          .where('id', 'in', (query) =>
            query
              .selectFrom('approval')
              .select('id')
              .where('state', '=', 'pending')
              .where('expiresAtMs', '<=', Math.floor(nowMs))
              .orderBy('expiresAtMs')
              .limit(EXPIRE_ROWS),
          )
          .returningAll()
          .execute()
        return rows.map((row) => fromApprovalRow(row, seal))
      }),
  }
}
