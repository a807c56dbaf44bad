import { setTimeout as sleep } from 'node:timers/promises'
import { inspect } from 'node:util'

import { expect, onTestFinished, test } from 'vitest'

import { GatewayError } from '../../../src/core/errors.ts'
import { openBase } from '../../../src/store/store.ts'
import { codeOf } from '../contract.ts'
import { openTestStore, runOf } from '../house.ts'
import { execute, newDatabase, query } from '../postgres.ts'

async function failureOf(url: string): Promise<GatewayError> {
  try {
    await openTestStore({ url })
  } catch (error) {
    if (error instanceof GatewayError) return error
    throw error
  }
  throw new Error('it was opened')
}

/** Ends all connections to a database but its own. */
function cut(url: string): Promise<void> {
  return execute(
    url,
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  )
}

test('an address that does not work says why, and never with the password', async () => {
  const url = new URL(await newDatabase())
  const secret = 'pass-w0rd-canary'
  const change = (edit: (address: URL) => void): string => {
    const address = new URL(url)
    edit(address)
    return address.href
  }
  const failures = {
    'the user or the password is wrong': change((address) => (address.password = secret)),
    'there is no such database': change((address) => (address.pathname = '/missing')),
    'nobody answers there': `postgresql://isogate:${secret}@127.0.0.1:9/isogate`,
    'is no address': `postgresql://isogate:${secret}@:x:/`,
  }
  for (const [reason, address] of Object.entries(failures)) {
    const error = await failureOf(address)
    expect(error.code).toBe('store_unusable')
    expect(error.message).toContain(reason)
    const told = inspect(error, { depth: 10, showHidden: true })
    expect(told).not.toContain(secret)
    expect(told).not.toContain(url.password)
  }
})

test('a database of a newer version is left alone', async () => {
  const url = await newDatabase()
  await (await openTestStore({ url })).store.close()
  await execute(url, 'INSERT INTO isogate.migration VALUES (999, 0)')
  const { code, message } = await failureOf(url)
  expect([code, message.includes('999')]).toEqual(['store_newer', true])
})

test('tables of others in the same database are not touched', async () => {
  const url = await newDatabase()
  await execute(
    url,
    'CREATE TABLE run (mine TEXT); INSERT INTO run VALUES (1); CREATE TABLE migration (mine TEXT)',
  )
  const { store } = await openTestStore({ url })
  await store.runs.save(runOf('r'))
  await store.runs.remove('ann', 'r')
  expect(await query(url, 'SELECT mine FROM public.run')).toEqual([{ mine: '1' }])
  expect(await query(url, 'SELECT count(*) AS count FROM public.migration')).toEqual([{ count: '0' }])
})

test('several gateways that start at once make one schema', async () => {
  const url = await newDatabase()
  const stores = await Promise.all([1, 2, 3, 4].map(() => openTestStore({ url })))
  await stores[0]?.store.runs.save(runOf('r'))
  expect((await stores[3]?.store.runs.list())?.length).toBe(1)
  expect(await query(url, 'SELECT version FROM isogate.migration ORDER BY version')).toEqual([
    { version: '1' },
    { version: '2' },
  ])
})

test('of several gateways that claim a run exactly one gets it, and bounds hold over all of them', async () => {
  const url = await newDatabase()
  const stores = await Promise.all([1, 2, 3].map(() => openTestStore({ url })))
  for (let index = 0; index < 20; index++) {
    const id = `r${index}`
    await stores[0]?.store.runs.save(runOf(id))
    const claims = await Promise.all(
      stores.map(({ store, clock }) => store.runs.claim('ann', id, clock.nowMs() + 9_000)),
    )
    expect(claims.filter((claim) => claim !== undefined)).toHaveLength(1)
  }
  await execute(
    url,
    `INSERT INTO isogate.run SELECT 'ann', 'p' || n, 1, 1, 9000000000000, NULL, 0, '[]', '{}', '', NULL, '{}' FROM generate_series(1, 950) n`,
  )
  const room = 1_000 - 950 - 20
  const saves = stores.flatMap(({ store }, at) =>
    Array.from({ length: 40 }, (_, index) => codeOf(() => store.runs.save(runOf(`m${at}-${index}`)))),
  )
  const outcomes = await Promise.all(saves)
  expect(outcomes.filter((code) => code === 'nothing was thrown')).toHaveLength(room)
  expect(new Set(outcomes)).toEqual(new Set(['nothing was thrown', 'store_full']))
})

test('connections that are lost come back by themselves', async () => {
  const url = await newDatabase()
  const { store } = await openTestStore({ url })
  await store.runs.save(runOf('r'))
  await cut(url)
  await expect.poll(() => codeOf(() => store.runs.list())).toBe('nothing was thrown')
  // In the middle of a statement.
  await execute(
    url,
    'CREATE FUNCTION isogate.slow() RETURNS trigger AS $$ BEGIN PERFORM pg_sleep(20); RETURN NEW; END $$ LANGUAGE plpgsql',
  )
  await execute(
    url,
    'CREATE TRIGGER slow BEFORE UPDATE ON isogate.run FOR EACH ROW EXECUTE FUNCTION isogate.slow()',
  )
  const claiming = codeOf(() => store.runs.claim('ann', 'r', 9e12))
  await expect
    .poll(() => query(url, "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'update%' AND state = 'active'"))
    .toHaveLength(1)
  await cut(url)
  expect(await claiming).toBe('store_unusable')
  await execute(url, 'DROP TRIGGER slow ON isogate.run')
  expect(await store.runs.claim('ann', 'r', 9e12)).toBeDefined()
})

test('a connection that is lost in the middle of a transaction is a failure of that transaction and of nothing else', async () => {
  const url = await newDatabase()
  await openTestStore({ url })
  const base = await openBase({ url })
  onTestFinished(() => base.close())
  const working = base.sql.transaction().execute(async (tx) => {
    await tx.updateTable('mark').set({ value: 7 }).execute()
    await cut(url)
    await expect
      .poll(() => query(url, "SELECT 1 FROM pg_stat_activity WHERE state LIKE 'idle in%'"))
      .toHaveLength(0)
    await sleep(20)
    await tx.updateTable('mark').set({ value: 8 }).execute()
  })
  await expect(working).rejects.toThrow()
  const marks = await base.sql.selectFrom('mark').select('value').execute()
  expect(new Set(marks.map(({ value }) => value))).toEqual(new Set([0]))
})

test('a database that can only be read says so, and is used again when it can be written', async () => {
  const url = await newDatabase()
  const { store } = await openTestStore({ url })
  const name = new URL(url).pathname.slice(1)
  const set = async (value: string): Promise<void> => {
    await execute(url, `ALTER DATABASE ${name} SET default_transaction_read_only = ${value}`)
    await cut(url)
  }
  await set('on')
  await expect
    .poll(async () => store.runs.save(runOf('r')).catch((error: Error) => error.message))
    .toContain('can only be read')
  await execute(url, `BEGIN READ WRITE; ALTER DATABASE ${name} RESET default_transaction_read_only; COMMIT`)
  await cut(url)
  await expect.poll(() => codeOf(() => store.runs.save(runOf('r')))).toBe('nothing was thrown')
})

test('ids that no database takes are nobody\u2019s', async () => {
  const { store } = await openTestStore({ url: await newDatabase() })
  expect(await store.runs.load('ann', 'a\u0000b')).toBeUndefined()
  expect(await store.runs.claim('ann', 'a\u0000b', 9e12)).toBeUndefined()
  expect(await store.runs.remove('a\u0000nn', 'b')).toBe(false)
  expect(await store.handles.open('a\u0000nn', 'h_aaaaaaaaaaaaaaaaaaaa')).toBeUndefined()
})
