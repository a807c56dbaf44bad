import type { SavingsLedger, SavingsQuery, SavingsRow } from '../../core/store.ts'
import { inTransaction } from './database.ts'
import type { PartPorts } from './ports.ts'

const DAY_MS = 86_400_000
/** Who else there was on a day with too many principals. */
const OTHERS = '(others)'
const OTHER_METHOD = '(other)'
const SUM_ROWS = 1_000

const TOTALS = ['runs', 'calls', 'turnsAvoided', 'directTokens', 'usedTokens'] as const
const SUMS = TOTALS.map((total) => `sum(${total}) AS ${total}`).join(', ')

export function createSavings({ database, limits, attempt, forgive }: PartPorts): SavingsLedger {
  const hasRow = database.prepare('SELECT 1 FROM savings WHERE day = ? AND principal = ? AND method = ?')
  const rowsOfDay = database.prepare('SELECT count(*) AS count FROM savings WHERE day = ?')
  const write = database.prepare(
    `INSERT INTO savings (day, principal, method, ${TOTALS.join(', ')}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (day, principal, method) DO UPDATE SET ${TOTALS.map((total) => `${total} = ${total} + excluded.${total}`).join(', ')}`,
  )
  const select = {
    all: database.prepare(
      `SELECT method, ${SUMS} FROM savings WHERE day >= ? GROUP BY method ORDER BY method`,
    ),
    day: database.prepare(
      `SELECT * FROM (SELECT day, method, ${SUMS} FROM savings WHERE day >= ? GROUP BY day, method
       ORDER BY day DESC LIMIT ${SUM_ROWS}) ORDER BY day, method`,
    ),
    principal: database.prepare(
      `SELECT principal, method, ${SUMS} FROM savings WHERE day >= ? GROUP BY principal, method
       ORDER BY sum(directTokens) DESC, principal, method LIMIT ${SUM_ROWS}`,
    ),
  }

  return {
    add: (entry) =>
      forgive(undefined, () =>
        inTransaction(database, () => {
          const day = Math.floor(entry.atMs / DAY_MS)
          const method = entry.method.length > limits.keyChars ? OTHER_METHOD : entry.method
          const isLong = entry.principal.length > limits.keyChars
          const isNew = isLong || hasRow.get(day, entry.principal, method) === undefined
          const isCrowded = Number(rowsOfDay.get(day)?.['count']) >= limits.savings.rowsPerDay
          const principal = isLong || (isNew && isCrowded) ? OTHERS : entry.principal
          write.run(day, principal, method, ...TOTALS.map((total) => toCount(entry[total])))
        }),
      ),
    sum: ({ sinceMs, by }: SavingsQuery = {}) =>
      attempt(() => {
        const firstDay = sinceMs === undefined ? Number.MIN_SAFE_INTEGER : Math.floor(sinceMs / DAY_MS)
        return select[by ?? 'all'].all(firstDay).map(toRow)
      }),
  }
}

/** Whole numbers only: an estimate may have a fraction, and a division by nothing must not spoil the sum. */
function toCount(value: number): number {
  return Number.isFinite(value) ? Math.round(value) : 0
}

function toRow(row: Readonly<Record<string, unknown>>): SavingsRow {
  const { day, principal, method } = row
  const totals = Object.fromEntries(TOTALS.map((total) => [total, Number(row[total])]))
  return {
    ...(typeof day === 'number' ? { day: new Date(day * DAY_MS).toISOString().slice(0, 10) } : {}),
    ...(typeof principal === 'string' ? { principal } : {}),
    ...(totals as Record<(typeof TOTALS)[number], number>),
    method: String(method),
  }
}
