import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { Kysely, sql as raw } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'

import { createConnection } from '../../../src/store/sqlite/connection.ts'
import { neverWait, numberOf, openDatabase, setUp } from '../../../src/store/sqlite/database.ts'
import { createSqliteDialect } from '../../../src/store/sqlite/dialect.ts'
import { createJournalSync, createShared, type JournalSync } from '../../../src/store/sqlite/journal-sync.ts'
import { codeOf } from '../contract.ts'
import { makeFolder, openTestStore, runOf } from '../house.ts'

interface Tables {
  readonly t: { readonly a: number; readonly b: string }
}

function open(sync?: JournalSync) {
  const path = join(makeFolder(), 'some.db')
  const database = openDatabase(path)
  setUp(database, path, false)
  neverWait(database)
  database.exec('CREATE TABLE IF NOT EXISTS t (a INTEGER PRIMARY KEY, b TEXT) STRICT')
  onTestFinished(() => database.close())
  const connection = createConnection(database)
  const durable = { connection, sync: sync ?? createJournalSync(path) }
  onTestFinished(() => durable.sync.close())
  const sql = new Kysely<Tables>({ dialect: createSqliteDialect(durable) })
  const loose = new Kysely<Tables>({ dialect: createSqliteDialect({ connection }) })
  return { database, sql, loose }
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

test('what has to be on the disk waits for the disk, one sync serves all who wait, and others go on', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  let syncs = 0
  const shared = createShared(async () => {
    syncs++
    await promise
  })
  const { sql, loose } = open({ ...shared, close: async () => {} })
  let written = 0
  const writes = Array.from({ length: 20 }, (_, a) => {
    const row = { a, b: 'x' }
    const write = (database: Kysely<Tables>) => database.insertInto('t').values(row).execute()
    return (a % 2 === 0 ? write(sql) : sql.transaction().execute(write)).then(() => written++)
  })
  await loose.insertInto('t').values({ a: 99, b: 'y' }).execute()
  // Committed, and seen by others, before it is on the disk.
  await expect.poll(async () => (await sql.selectFrom('t').select('a').execute()).length).toBe(21)
  expect(written).toBe(0)
  resolve()
  await Promise.all(writes)
  expect(syncs).toBe(2)
})

test('a disk that fails after the commit is told, and touches nobody else', async () => {
  let fails = true
  const { sql, loose, database } = open({
    synced: async () => {
      if (fails) throw Object.assign(new Error('EIO'), { code: 'EIO' })
    },
    close: async () => {},
  })
  const other = loose.transaction().execute(async (tx) => {
    await sleep(20)
    await tx.insertInto('t').values({ a: 2, b: 'y' }).execute()
  })
  const failing = sql.transaction().execute((tx) => tx.insertInto('t').values({ a: 1, b: 'x' }).execute())
  const third = loose.transaction().execute(async (tx) => {
    await sleep(20)
    await tx.insertInto('t').values({ a: 3, b: 'y' }).execute()
  })
  await expect(failing).rejects.toThrow('EIO')
  await Promise.all([other, third])
  expect((await loose.selectFrom('t').select('a').orderBy('a').execute()).map(({ a }) => a)).toEqual([
    1, 2, 3,
  ])
  fails = false
  await sql.insertInto('t').values({ a: 4, b: 'x' }).execute()
  expect(database.isTransaction).toBe(false)
})

test('a sync that fails is not the last one', async () => {
  let calls = 0
  const { synced } = createShared(async () => {
    if (++calls === 1) throw new Error('EIO')
  })
  const outcomes = await Promise.allSettled([synced(), synced(), synced()])
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled'])
  await synced()
  expect(calls).toBe(3)
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
  const saving = [store.runs.save(runOf('r')), store.handles.keep('ann', { json: '1', kind: 'value' })]
  // This thread goes on: it is the one that lets them write.
  for (let tick = 0; tick < 20; tick++) await sleep(1)
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
  const prepare = database.prepare.bind(database)
  database.prepare = (text) => {
    prepared++
    return prepare(text)
  }
  for (let index = 0; index < 50; index++)
    await sql.selectFrom('t').select('a').where('a', '=', index).execute()
  expect(prepared).toBe(1)
  for (let index = 0; index < 300; index++) await raw.raw(`SELECT ${index} AS a`).execute(sql)
  await sql.selectFrom('t').select('a').where('a', '=', 1).execute()
  expect(prepared).toBe(302)
})
