import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { Kysely, sql as raw } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'

import { createConnection } from '../../../src/store/sqlite/connection.ts'
import { neverWait, numberOf, openDatabase, setUp } from '../../../src/store/sqlite/database.ts'
import { createSqliteDialect } from '../../../src/store/sqlite/dialect.ts'
import { codeOf } from '../contract.ts'
import { makeFolder, openTestStore, runOf } from '../house.ts'

interface Tables {
  readonly t: { readonly a: number; readonly b: string }
}

function open(path = join(makeFolder(), 'some.db')) {
  const database = openDatabase(path)
  setUp(database, path, true)
  neverWait(database)
  database.exec('CREATE TABLE IF NOT EXISTS t (a INTEGER PRIMARY KEY, b TEXT) STRICT')
  onTestFinished(() => database.close())
  const connection = createConnection(database)
  const sqlOf = (isDurable: boolean) =>
    new Kysely<Tables>({ dialect: createSqliteDialect(connection, isDurable) })
  return { path, database, connection, sql: sqlOf(true), loose: sqlOf(false) }
}

test('transactions take turns, also those of two databases over one connection', async () => {
  const { sql, loose } = open()
  const add = (database: Kysely<Tables>) =>
    database.transaction().execute(async (tx) => {
      const { a } = await tx
        .selectFrom('t')
        .select(({ fn }) => fn.countAll<number>().as('a'))
        .executeTakeFirstOrThrow()
      await sleep(1)
      await tx.insertInto('t').values({ a, b: 'x' }).execute()
    })
  await Promise.all(Array.from({ length: 20 }, (_, index) => add(index % 2 === 0 ? sql : loose)))
  expect((await sql.selectFrom('t').select('a').orderBy('a').execute()).map(({ a }) => a)).toEqual(
    Array.from({ length: 20 }, (_, index) => index),
  )
})

test('what is committed is on the disk where it has to be, and only there', async () => {
  const { sql, loose } = open()
  const levelOf = async (database: Kysely<Tables>): Promise<unknown> =>
    (await raw<{ synchronous: number }>`PRAGMA synchronous`.execute(database)).rows[0]?.synchronous
  // FULL and NORMAL. Source: https://sqlite.org/pragma.html#pragma_synchronous
  expect([await levelOf(sql), await levelOf(loose), await levelOf(sql)]).toEqual([2, 1, 2])
})

test('a transaction that fails leaves nothing, and the next one finds the connection free', async () => {
  const { sql, database } = open()
  const failing = sql.transaction().execute(async (tx) => {
    await tx.insertInto('t').values({ a: 1, b: 'x' }).execute()
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  await expect(
    sql
      .insertInto('t')
      .values({ a: 1, b: null as never })
      .returning('none' as 'a')
      .execute(),
  ).rejects.toThrow()
  await sql.insertInto('t').values({ a: 1, b: 'y' }).execute()
  expect([await sql.selectFrom('t').selectAll().execute(), database.isTransaction]).toEqual([
    [{ a: 1, b: 'y' }],
    false,
  ])
})

test('a full disk is a failure of one transaction, and over when there is room again', async () => {
  const { sql, database } = open()
  const pages = numberOf(database, 'PRAGMA page_count')
  database.exec(`PRAGMA max_page_count = ${pages + 2}`)
  const fill = () =>
    sql.transaction().execute(async (tx) => {
      await tx
        .insertInto('t')
        .values({ a: 1, b: 'x'.repeat(100_000) })
        .execute()
    })
  await expect(fill()).rejects.toMatchObject({ errcode: 13 })
  database.exec('PRAGMA max_page_count = 100000')
  await fill()
  expect(await sql.selectFrom('t').select('a').execute()).toEqual([{ a: 1 }])
})

test('while somebody else writes it waits without holding up the thread', async () => {
  const path = join(makeFolder(), 'isogate.db')
  const { store } = await openTestStore({ path })
  const other = new DatabaseSync(path)
  onTestFinished(() => other.close())
  other.exec('BEGIN IMMEDIATE')
  let ticks = 0
  const ticking = setInterval(() => ticks++, 1)
  const saving = [store.runs.save(runOf('r')), store.handles.keep('ann', { json: '1', kind: 'value' })]
  while (ticks < 20) await sleep(1)
  clearInterval(ticking)
  other.exec('COMMIT')
  await Promise.all(saving)
  expect((await store.runs.list()).map(({ id }) => id)).toEqual(['r'])
})

test('whoever never ends does not hold the others for ever', async () => {
  const path = join(makeFolder(), 'isogate.db')
  const { store } = await openTestStore({ path })
  const other = new DatabaseSync(path)
  onTestFinished(() => other.close())
  other.exec('BEGIN IMMEDIATE')
  const saves = Array.from({ length: 5 }, (_, index) => codeOf(() => store.runs.save(runOf(`r${index}`))))
  // Reading goes on in the meantime, and so does waiting: all of them together.
  expect(await store.runs.list()).toEqual([])
  expect(new Set(await Promise.all(saves))).toEqual(new Set(['store_unusable']))
  other.exec('ROLLBACK')
  expect((await store.runs.save(runOf('r'))).id).toBe('r')
})

test('statements are kept compiled, and not without end', async () => {
  const { sql, database } = open()
  let prepared = 0
  const { prepare } = database
  database.prepare = (text) => {
    prepared++
    return prepare.call(database, text)
  }
  for (let index = 0; index < 50; index++)
    await sql.selectFrom('t').select('a').where('a', '=', index).execute()
  expect(prepared).toBe(1)
  for (let index = 0; index < 300; index++) await raw.raw(`SELECT ${index} AS a`).execute(sql)
  await sql.selectFrom('t').select('a').where('a', '=', 1).execute()
  expect(prepared).toBe(302)
})
