import { sql as raw, type ExpressionBuilder } from 'kysely'

import { GatewayError } from '../../core/errors.ts'
import type { NewRun, RunClaim, RunStore, SuspendedRun } from '../../core/store.ts'
import { isKey } from '../keys.ts'
import type { PartPorts } from '../ports.ts'
import type { Sql, SqlTransaction } from '../sql/sql.ts'
import type { Tables } from '../sql/tables.ts'
import { takeTurn } from '../sql/turns.ts'
import { fromRow, SUMMARY_COLUMNS, toSealed, toSummary, toTexts } from './run-row.ts'

const TOKEN_BYTES = 16
const LIST_ROWS = 1_000

interface Sums {
  readonly count: number
  readonly bytes: number
  readonly ownerCount: number
  readonly ownerBytes: number
}

/** Who waits for a run was told that it waits: all of it is written to the disk at once. */
export function createRuns({ sql, dialect, clock, limits, random, seal, attempt }: PartPorts): RunStore {
  const bounds = limits.run
  const nowMs = (): number => Math.floor(clock.nowMs())

  function toRow(run: NewRun) {
    const savedAtMs = nowMs()
    const texts = toTexts(run)
    const bytes = Object.values({ ...texts, owner: run.owner, id: run.id }).reduce(
      (sum, text) => sum + Buffer.byteLength(text ?? ''),
      0,
    )
    const isTooLarge = bytes > bounds.runBytes || !isKey(run.owner, limits) || !isKey(run.id, limits)
    if (isTooLarge)
      throw new GatewayError(
        'store_full',
        `The run is larger than the ${bounds.runBytes} bytes that one may have.`,
      )
    return {
      ...toSealed(texts, run, seal),
      owner: run.owner,
      id: run.id,
      bytes,
      savedAtMs,
      expiresAtMs: savedAtMs + bounds.ttlMs,
      claim: null,
      claimUntilMs: 0,
    }
  }

  async function requireRoom(tx: SqlTransaction, { owner, id }: NewRun, bytes: number): Promise<void> {
    const sum = await sumsOfOthers(tx, owner, id)
    if (sum.ownerCount + 1 > bounds.ownerCount || sum.ownerBytes + bytes > bounds.ownerBytes)
      throw new GatewayError('store_full', 'This caller has too many suspended runs.')
    if (sum.count + 1 > bounds.count || sum.bytes + bytes > bounds.bytes)
      throw new GatewayError('store_full', 'There are too many suspended runs.')
  }

  async function load(owner: string, id: string): Promise<SuspendedRun | undefined> {
    if (!isKey(owner, limits) || !isKey(id, limits)) return undefined
    const row = await sql
      .selectFrom('run')
      .select([...SUMMARY_COLUMNS, 'options', 'code', 'input', 'record'])
      .where('owner', '=', owner)
      .where('id', '=', id)
      .where((eb) => eb.or([eb('expiresAtMs', '>', nowMs()), eb('claimUntilMs', '>', nowMs())]))
      .executeTakeFirst()
    return row === undefined ? undefined : fromRow(row, seal)
  }

  return {
    save: (run) =>
      attempt(async () => {
        const row = toRow(run)
        await sql.transaction().execute(async (tx) => {
          await takeTurn(tx, dialect, 'run')
          await requireRoom(tx, run, row.bytes)
          await tx
            .insertInto('run')
            .values(row)
            .onConflict((conflict) => conflict.columns(['owner', 'id']).doUpdateSet(row))
            .execute()
        })
        return { ...run, savedAtMs: row.savedAtMs, expiresAtMs: row.expiresAtMs }
      }),
    load: (owner, id) => attempt(() => load(owner, id)),
    list: (owner) =>
      attempt(async () => {
        const rows = await sql
          .selectFrom('run')
          .select(SUMMARY_COLUMNS)
          .where('expiresAtMs', '>', nowMs())
          .$if(owner !== undefined, (query) => query.where('owner', '=', owner ?? ''))
          .orderBy('savedAtMs', 'desc')
          .orderBy('id', 'desc')
          .limit(LIST_ROWS)
          .execute()
        return rows.map((row) => toSummary(row, nowMs()))
      }),
    claim: (owner, id, untilMs) =>
      attempt(async () => {
        if (!isKey(owner, limits) || !isKey(id, limits)) return undefined
        const token = random(TOKEN_BYTES).toString('base64url')
        // One statement: of two processes the second finds the claim of the first.
        const { numUpdatedRows } = await sql
          .updateTable('run')
          .set({ claim: token, claimUntilMs: Math.floor(untilMs) })
          .where('owner', '=', owner)
          .where('id', '=', id)
          .where('expiresAtMs', '>', nowMs())
          .where('claimUntilMs', '<=', nowMs())
          .executeTakeFirst()
        const run = numUpdatedRows === 0n ? undefined : await load(owner, id)
        return run === undefined ? undefined : { run, token }
      }),
    renew: (claim, untilMs) =>
      attempt(async () => {
        const { numUpdatedRows } = await sql
          .updateTable('run')
          .set({ claimUntilMs: Math.floor(untilMs) })
          .where(heldBy(claim))
          .executeTakeFirst()
        return numUpdatedRows === 1n
      }),
    update: (claim, given) =>
      attempt(async () => {
        const run = { ...given, owner: claim.run.owner, id: claim.run.id }
        const row = toRow(run)
        return sql.transaction().execute(async (tx) => {
          await takeTurn(tx, dialect, 'run')
          const { numUpdatedRows } = await tx
            .updateTable('run')
            .set(row)
            .where(heldBy(claim))
            .executeTakeFirst()
          if (numUpdatedRows === 0n) return false
          await requireRoom(tx, run, row.bytes)
          return true
        })
      }),
    release: (claim) =>
      attempt(async () => {
        await sql.updateTable('run').set({ claim: null, claimUntilMs: 0 }).where(heldBy(claim)).execute()
      }),
    finish: (claim) =>
      attempt(async () => {
        const { numDeletedRows } = await sql.deleteFrom('run').where(heldBy(claim)).executeTakeFirst()
        return numDeletedRows === 1n
      }),
    remove: (owner, id) =>
      attempt(async () => {
        if (!isKey(owner, limits) || !isKey(id, limits)) return false
        const { numDeletedRows } = await sql
          .deleteFrom('run')
          .where('owner', '=', owner)
          .where('id', '=', id)
          .executeTakeFirst()
        return numDeletedRows === 1n
      }),
  }
}

function heldBy({ run: { owner, id }, token }: RunClaim) {
  return (eb: ExpressionBuilder<Tables, 'run'>) => eb.and({ owner, id, claim: token })
}

/** What all runs but this one take. */
async function sumsOfOthers(sql: Sql, owner: string, id: string): Promise<Sums> {
  const { rows } = await raw<Sums>`
    SELECT count(*) AS count, coalesce(sum(bytes), 0) AS bytes,
      count(*) FILTER (WHERE owner = ${owner}) AS "ownerCount",
      coalesce(sum(bytes) FILTER (WHERE owner = ${owner}), 0) AS "ownerBytes"
    FROM run WHERE NOT (owner = ${owner} AND id = ${id})`.execute(sql)
  return rows[0] ?? { count: 0, bytes: 0, ownerCount: 0, ownerBytes: 0 }
}
