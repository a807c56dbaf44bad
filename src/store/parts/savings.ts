import { sql as raw } from 'kysely'

import type { SavingsLedger, SavingsQuery, SavingsRow } from '../../core/store.ts'
import { isKey } from '../keys.ts'
import type { PartPorts } from '../ports.ts'
import type { Sql } from '../sql/sql.ts'

const DAY_MS = 86_400_000
/** Who else there was on a day with too many principals. */
const OTHERS = '(others)'
const OTHER_METHOD = '(other)'
const SUM_ROWS = 1_000

const TOTALS = ['runs', 'calls', 'turnsAvoided', 'directTokens', 'usedTokens'] as const
type Totals = Record<(typeof TOTALS)[number], number>

interface SumRow extends Totals {
  readonly day?: number
  readonly principal?: string
  readonly method: string
}

export function createSavings({ looseSql, limits, attempt, forgive }: PartPorts): SavingsLedger {
  return {
    add: (entry) =>
      forgive(undefined, async () => {
        const day = Math.floor(entry.atMs / DAY_MS)
        const method = isKey(entry.method, limits) ? entry.method : OTHER_METHOD
        const named = isKey(entry.principal, limits) ? entry.principal : OTHERS
        const totals = toTotals((total) => toCount(entry[total]))
        await looseSql.transaction().execute(async (sql) => {
          const { count, own } = await sql
            .selectFrom('savings')
            .select(({ fn, eb }) => [
              fn.countAll<number>().as('count'),
              fn
                .countAll<number>()
                .filterWhere(eb.and({ principal: named, method }))
                .as('own'),
            ])
            .where('day', '=', day)
            .executeTakeFirstOrThrow()
          const principal = own === 0 && count >= limits.savings.rowsPerDay ? OTHERS : named
          await sql
            .insertInto('savings')
            .values({ day, principal, method, ...totals })
            .onConflict((conflict) =>
              conflict
                .columns(['day', 'principal', 'method'])
                .doUpdateSet((eb) =>
                  toTotals((total) => eb(`savings.${total}`, '+', eb.ref(`excluded.${total}`))),
                ),
            )
            .execute()
        })
      }),
    sum: (query = {}) => attempt(async () => (await readSums(looseSql, query)).map(toRow)),
  }
}

async function readSums(sql: Sql, { sinceMs, by }: SavingsQuery): Promise<readonly SumRow[]> {
  const sums = sql
    .selectFrom('savings')
    .select(['method', ...TOTALS.map((total) => raw<number>`sum(${raw.ref(total)})`.as(total))])
    .$if(sinceMs !== undefined, (query) => query.where('day', '>=', Math.floor((sinceMs ?? 0) / DAY_MS)))
    .groupBy('method')
  if (by === undefined) return sums.orderBy('method').$castTo<SumRow>().execute()
  if (by === 'principal')
    return sums
      .select('principal')
      .groupBy('principal')
      .orderBy(raw`sum(${raw.ref('directTokens')})`, 'desc')
      .orderBy('principal')
      .orderBy('method')
      .limit(SUM_ROWS)
      .$castTo<SumRow>()
      .execute()
  const newest = await sums
    .select('day')
    .groupBy('day')
    .orderBy('day', 'desc')
    .orderBy('method', 'desc')
    .limit(SUM_ROWS)
    .$castTo<SumRow>()
    .execute()
  return newest.toReversed()
}

function toTotals<Value>(of: (total: keyof Totals) => Value): Record<keyof Totals, Value> {
  return Object.fromEntries(TOTALS.map((total) => [total, of(total)])) as Record<keyof Totals, Value>
}

/** Whole numbers only: an estimate may have a fraction, and a division by nothing must not spoil the sum. */
function toCount(value: number): number {
  return Number.isFinite(value) ? Math.round(value) : 0
}

function toRow({ day, principal, method, ...sums }: SumRow): SavingsRow {
  return {
    ...(day === undefined ? {} : { day: new Date(day * DAY_MS).toISOString().slice(0, 10) }),
    ...(principal === undefined ? {} : { principal }),
    ...toTotals((total) => sums[total]),
    method,
  }
}
