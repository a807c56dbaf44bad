import { GatewayError } from '../../core/errors.ts'
import type { Json, JsonObject } from '../../core/json.ts'
import type { NewRun, RunStore, RunSummary, SuspendedRun } from '../../core/store.ts'
import { inTransaction } from './database.ts'
import type { PartPorts } from './ports.ts'

const TOKEN_BYTES = 16
const LIST_ROWS = 1_000

interface SummaryRow {
  readonly owner: string
  readonly id: string
  readonly savedAtMs: number
  readonly expiresAtMs: number
  readonly reasons: string
}

interface Row extends SummaryRow {
  readonly code: string
  readonly input: string | null
  readonly options: string
  readonly record: string
}

const COLUMNS = 'owner, id, savedAtMs, expiresAtMs, reasons, options, code, input, record'
const SUMMARY = 'owner, id, savedAtMs, expiresAtMs, reasons, claimUntilMs > ? AS isClaimed'

/** @param ports their database is durable: who waits for a run was told that it waits */
export function createRuns({ database, clock, limits, random, attempt }: PartPorts): RunStore {
  const bounds = limits.run
  const select = database.prepare(
    `SELECT ${COLUMNS} FROM run WHERE owner = ? AND id = ? AND (expiresAtMs > ? OR claimUntilMs > ?)`,
  )
  const listOfOwner = database.prepare(
    `SELECT ${SUMMARY} FROM run WHERE owner = ? AND expiresAtMs > ? ORDER BY savedAtMs DESC, rowid DESC LIMIT ${LIST_ROWS}`,
  )
  const listOfAll = database.prepare(
    `SELECT ${SUMMARY} FROM run WHERE expiresAtMs > ? ORDER BY savedAtMs DESC, rowid DESC LIMIT ${LIST_ROWS}`,
  )
  const others = 'FROM run WHERE NOT (owner = ? AND id = ?)'
  const sums = database.prepare(
    `SELECT count(*) AS count, coalesce(sum(bytes), 0) AS bytes,
       count(*) FILTER (WHERE owner = ?) AS ownerCount, coalesce(sum(bytes) FILTER (WHERE owner = ?), 0) AS ownerBytes ${others}`,
  )
  const write = database.prepare(
    `INSERT OR REPLACE INTO run (${COLUMNS}, bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const claim = database.prepare(
    `UPDATE run SET claim = ?, claimUntilMs = ? WHERE owner = ? AND id = ? AND expiresAtMs > ? AND claimUntilMs <= ?`,
  )
  const held = 'owner = ? AND id = ? AND claim = ?'
  const isHeld = database.prepare(`SELECT 1 FROM run WHERE ${held}`)
  const renew = database.prepare(`UPDATE run SET claimUntilMs = ? WHERE ${held}`)
  const release = database.prepare(`UPDATE run SET claim = NULL, claimUntilMs = 0 WHERE ${held}`)
  const finish = database.prepare(`DELETE FROM run WHERE ${held}`)
  const remove = database.prepare('DELETE FROM run WHERE owner = ? AND id = ?')

  const nowMs = (): number => Math.floor(clock.nowMs())

  function put(run: NewRun): SuspendedRun {
    const savedAtMs = nowMs()
    const expiresAtMs = savedAtMs + bounds.ttlMs
    const [reasons, options, record] = [run.reasons, run.options, run.record].map((part) =>
      JSON.stringify(part),
    )
    const input = run.input === undefined ? null : JSON.stringify(run.input)
    const texts = [run.owner, run.id, reasons, options, run.code, input ?? '', record] as string[]
    const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
    requireRoom(run, bytes)
    write.run(
      run.owner,
      run.id,
      savedAtMs,
      expiresAtMs,
      reasons as string,
      options as string,
      run.code,
      input,
      record as string,
      bytes,
    )
    return { ...run, savedAtMs, expiresAtMs }
  }

  function requireRoom({ owner, id }: NewRun, bytes: number): void {
    const isTooLarge =
      bytes > bounds.runBytes || owner.length > limits.keyChars || id.length > limits.keyChars
    if (isTooLarge)
      throw new GatewayError(
        'store_full',
        `The run is larger than the ${bounds.runBytes} bytes that one may have.`,
      )
    const sum = sums.get(owner, owner, owner, id) ?? {}
    const exceeds = (key: string, limit: number, added: number): boolean => Number(sum[key]) + added > limit
    if (exceeds('ownerCount', bounds.ownerCount, 1) || exceeds('ownerBytes', bounds.ownerBytes, bytes))
      throw new GatewayError('store_full', 'This caller has too many suspended runs.')
    if (exceeds('count', bounds.count, 1) || exceeds('bytes', bounds.bytes, bytes))
      throw new GatewayError('store_full', 'There are too many suspended runs.')
  }

  function load(owner: string, id: string): SuspendedRun | undefined {
    const row = select.get(owner, id, nowMs(), nowMs()) as Row | undefined
    return row === undefined ? undefined : toRun(row)
  }

  return {
    save: (run) => attempt(() => inTransaction(database, () => put(run))),
    load: (owner, id) => attempt(() => load(owner, id)),
    list: (owner) =>
      attempt(() => {
        const rows =
          owner === undefined ? listOfAll.all(nowMs(), nowMs()) : listOfOwner.all(nowMs(), owner, nowMs())
        return rows.map(toSummary)
      }),
    claim: (owner, id, untilMs) =>
      attempt(() => {
        const token = random(TOKEN_BYTES).toString('base64url')
        // One statement: of two processes the second finds the claim of the first.
        const { changes } = claim.run(token, Math.floor(untilMs), owner, id, nowMs(), nowMs())
        const run = changes === 0 ? undefined : load(owner, id)
        return run === undefined ? undefined : { run, token }
      }),
    renew: ({ run: { owner, id }, token }, untilMs) =>
      attempt(() => renew.run(Math.floor(untilMs), owner, id, token).changes === 1),
    update: ({ run: { owner, id }, token }, run) =>
      attempt(() =>
        inTransaction(database, () => {
          if (isHeld.get(owner, id, token) === undefined) return false
          put({ ...run, owner, id })
          return true
        }),
      ),
    release: ({ run: { owner, id }, token }) => void attempt(() => release.run(owner, id, token)),
    finish: ({ run: { owner, id }, token }) => attempt(() => finish.run(owner, id, token).changes === 1),
    remove: (owner, id) => attempt(() => remove.run(owner, id).changes === 1),
  }
}

function toRun({
  owner,
  id,
  savedAtMs,
  expiresAtMs,
  reasons,
  options,
  code,
  input,
  record,
}: Row): SuspendedRun {
  return {
    id,
    owner,
    code,
    ...(input === null ? {} : { input: JSON.parse(input) as Json }),
    options: JSON.parse(options) as JsonObject,
    record: JSON.parse(record) as Json,
    reasons: JSON.parse(reasons) as readonly string[],
    savedAtMs,
    expiresAtMs,
  }
}

function toSummary(row: Readonly<Record<string, unknown>>): RunSummary {
  const { id, owner, savedAtMs, expiresAtMs, reasons } = row as unknown as SummaryRow
  return {
    id,
    owner,
    reasons: JSON.parse(reasons) as readonly string[],
    savedAtMs,
    expiresAtMs,
    isClaimed: row['isClaimed'] === 1,
  }
}
