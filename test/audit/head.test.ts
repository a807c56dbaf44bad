import { join } from 'node:path'

import { expect, test, vi } from 'vitest'

import { openAnchor, parseAnchor } from '../../src/audit/anchor.ts'
import { pruneAudit } from '../../src/audit/prune.ts'
import { newSigningKey, type SigningKey, type TrustedKeys } from '../../src/audit/signing-key.ts'
import { verifyAudit } from '../../src/audit/verify.ts'
import type { AuditQuery, AuditRow } from '../../src/core/audit.ts'
import { chain, createArrayStore, type ArrayStore } from './array-store.ts'
import { callEvent } from './events.ts'
import { newFolder, openHouse, written, type House } from './house.ts'

const BROKEN = expect.objectContaining({ code: 'audit_broken' })
const EVERY_FIVE = { checkpointRows: 5, checkpointMs: 60_000 }

function trust(...keys: readonly SigningKey[]): TrustedKeys {
  return new Map(keys.map(({ id, publicKey }) => [id, publicKey]))
}

async function record({ audit }: House, count: number, from = 0): Promise<void> {
  for (let index = 0; index < count; index++) await audit.record(callEvent(from + index))
}

/** Writes the rows from a number on anew, with good hashes, as somebody can who writes into the database. */
function rewrite(store: ArrayStore, seq: number): void {
  const row = store.rows[seq - 1] as AuditRow
  const changed = { body: row.body.replace('key:build', 'key:other') }
  store.rows = [
    ...store.rows.slice(0, seq - 1),
    ...chain(store.rows[seq - 2], [changed, ...store.rows.slice(seq)]),
  ]
}

test('rows that were written anew while the gateway runs are not signed with the next ones', async () => {
  const house = await openHouse({ settings: { checkpointRows: 10, checkpointMs: 60_000 } })
  await record(house, 17)
  await vi.waitFor(() => expect(house.store.signed).toHaveLength(1))
  rewrite(house.store, 15)
  await record(house, 17, 17)
  await house.audit.close()
  expect(house.faults).toEqual([BROKEN])
  expect(house.store.rows).toHaveLength(34)
  expect(house.store.signed.map(({ seq }) => seq)).toEqual([10])
  const anchor = house.parts.anchor?.read()
  expect(anchor?.seq).toBe(17)
  const { fault } = await verifyAudit(
    house.store,
    trust(house.parts.key),
    anchor === undefined ? {} : { anchor },
  )
  expect(fault).toMatchObject({ seq: 11, upTo: 17 })
})

test.each([
  ['cut off', (store: ArrayStore) => void store.rows.splice(-3), 15],
  ['written anew', (store: ArrayStore) => rewrite(store, 17), 17],
  ['taken away with all others', (store: ArrayStore) => void (store.rows = []), 10],
])(
  'rows that were %s while the gateway did not run are found by it and by the verifier',
  async (_, tamper, seq) => {
    const file = join(await newFolder(), 'audit.head.json')
    const key = newSigningKey()
    const first = await openHouse({ key, anchor: openAnchor(file) })
    await record(first, 16)
    await first.audit.close()
    const again = await openHouse({ key, store: first.store, anchor: openAnchor(file) })
    await record(again, 1, 16)
    // Killed: nothing is signed, and nothing closed.
    tamper(first.store)
    const third = await openHouse({ key, store: first.store, anchor: openAnchor(file) })
    await record(third, 9, 20)
    expect(third.faults).toEqual([BROKEN])
    await third.audit.close()
    const anchor = openAnchor(file).read()
    expect(anchor?.seq).toBe(17)
    const { fault } = await verifyAudit(first.store, trust(key), anchor === undefined ? {} : { anchor })
    expect(fault?.seq).toBeLessThanOrEqual(seq)
    expect(fault?.upTo).toBeGreaterThanOrEqual(seq)
  },
)

test('after a start the next signature names the one before it', async () => {
  const file = join(await newFolder(), 'audit.head.json')
  const key = newSigningKey()
  const first = await openHouse({ key, anchor: openAnchor(file) })
  await record(first, 3)
  await first.audit.close()
  for (const anchor of [openAnchor(file), undefined]) {
    const { parts } = first
    const { anchor: _, ...others } = parts
    const next = await openHouse({
      ...others,
      store: first.store,
      ...(anchor === undefined ? {} : { anchor }),
    })
    await record(next, 2, 10)
    await next.audit.close()
  }
  expect(first.store.signed.map(({ seq, previous }) => [seq, previous])).toEqual([
    [3, 0],
    [5, 3],
    [7, 5],
  ])
})

test('several gateways append to one chain, and each signs what it has seen', async () => {
  const store = createArrayStore()
  const houses = [
    await openHouse({ store, settings: EVERY_FIVE }),
    await openHouse({ store, settings: EVERY_FIVE }),
  ]
  for (let round = 0; round < 40; round++)
    await Promise.all(houses.map((house, index) => house.audit.record(callEvent(2 * round + index))))
  for (const house of houses) await house.audit.close()
  expect(store.rows).toHaveLength(80)
  expect(houses.flatMap(({ faults }) => faults)).toEqual([])
  const keys = trust(...houses.map(({ parts }) => parts.key))
  const report = await verifyAudit(store, keys)
  expect(report.fault).toBeUndefined()
  expect(report.checkpoints).toBeGreaterThanOrEqual(16)
  expect(new Set(store.signed.map(({ keyId }) => keyId)).size).toBe(2)
})

test('rows of others that do not continue the chain are not signed', async () => {
  const house = await openHouse({ settings: EVERY_FIVE })
  await record(house, 7)
  const [strange] = chain(house.store.rows[2], [{ body: '{}' }])
  house.store.rows.push({ ...(strange as AuditRow), seq: 8 })
  await record(house, 7, 7)
  await house.audit.close()
  expect(house.faults).toEqual([BROKEN])
  expect(house.store.signed.map(({ seq }) => seq)).toEqual([5])
})

test('an anchor that cannot be read is an alarm, is kept, and stops nothing', async () => {
  const file = join(await newFolder(), 'audit.head.json')
  const anchor = openAnchor(file)
  const { read } = anchor
  expect(read()).toBeUndefined()
  const house = await openHouse({ anchor: { ...anchor, read: () => parseAnchor('', file) } })
  await record(house, 3)
  await house.audit.close()
  expect(house.faults).toEqual([BROKEN])
  expect(house.store.rows).toHaveLength(3)
  expect(house.store.signed).toEqual([])
  expect(read()).toBeUndefined()
})

test('an anchor is replaced in its place', async () => {
  const file = join(await newFolder(), 'deep', 'audit.head.json')
  const anchor = openAnchor(file)
  const long = { seq: Number.MAX_SAFE_INTEGER, hash: 'a'.repeat(64), checkpoint: Number.MAX_SAFE_INTEGER }
  anchor.write(long)
  expect(anchor.read()).toEqual(long)
  const short = { seq: 1, hash: 'b'.repeat(64), checkpoint: 0 }
  anchor.write(short)
  expect(openAnchor(file).read()).toEqual(short)
  anchor.close()
  anchor.write(long)
  expect(anchor.read()).toEqual(long)
  for (const text of ['', '[]', '{"seq":1}', `{"seq":1.5,"hash":"${'a'.repeat(64)}","checkpoint":0}`])
    expect(() => parseAnchor(text, file)).toThrow(BROKEN)
})

/** Ten old rows, ten young ones; a checkpoint after every five. */
async function openOldHouse(): Promise<{ readonly house: House; readonly prune: () => Promise<number> }> {
  const house = await openHouse({ settings: EVERY_FIVE })
  const { key, store, newId } = house.parts
  for (let index = 0; index < 20; index++)
    await house.audit.record(callEvent(index, { atMs: index < 12 ? 1_000 + index : Date.now() }))
  await vi.waitFor(() => expect(house.store.signed).toHaveLength(4))
  const parts = { store, audit: house.audit, key, nowMs: Date.now, newId }
  return { house, prune: () => pruneAudit(parts, 86_400_000) }
}

test('pruning takes old rows away up to a checkpoint, and the chain verifies from there', async () => {
  const { house, prune } = await openOldHouse()
  const { store, parts } = house
  expect(await prune()).toBe(10)
  expect(store.rows[0]?.seq).toBe(11)
  expect(written(store).at(-1)).toMatchObject({ kind: 'audit.pruned', detail: { checkpoint: 10, rows: 10 } })
  const report = await verifyAudit(store, trust(parts.key))
  expect(report).toMatchObject({ rows: 11, firstSeq: 11, lastSeq: 21, isPruned: true })
  expect(report.fault).toBeUndefined()
  // Nothing more is old enough.
  expect(await prune()).toBe(0)
  expect(store.rows).toHaveLength(11)
})

test('rows that are pruned while they are verified are not missed', async () => {
  const { house, prune } = await openOldHouse()
  const { store, parts } = house
  let reads = 0
  const slow = {
    checkpoints: store.checkpoints,
    list: async (query: AuditQuery) => {
      if ((reads += 1) === 3) await prune()
      return store.list({ ...query, limit: Math.min(query.limit ?? 4, 4) })
    },
  }
  const report = await verifyAudit(slow, trust(parts.key))
  expect(store.rows[0]?.seq).toBe(11)
  expect(report.fault).toBeUndefined()
  expect(report).toMatchObject({ firstSeq: 11, isPruned: true })
})

test('two processes of one home share its key and its anchor', async () => {
  const file = join(await newFolder(), 'audit.head.json')
  const [store, key] = [createArrayStore(), newSigningKey()]
  const openOne = () => openHouse({ store, key, anchor: openAnchor(file), settings: EVERY_FIVE })
  const serving = await openOne()
  await record(serving, 7)
  const verb = await openOne()
  await Promise.all([record(verb, 9, 100), record(serving, 9, 200)])
  await verb.audit.close()
  await record(serving, 4, 300)
  await serving.audit.close()
  expect([...serving.faults, ...verb.faults]).toEqual([])
  const anchor = openAnchor(file).read()
  expect(anchor?.seq).toBe(29)
  const report = await verifyAudit(store, trust(key), anchor === undefined ? {} : { anchor })
  expect(report.fault).toBeUndefined()
  expect(report).toMatchObject({ rows: 29, signedSeq: 29 })
})

test('one gateway prunes what another one signed too', async () => {
  const store = createArrayStore()
  const one = await openHouse({ store, settings: EVERY_FIVE })
  const two = await openHouse({ store, settings: EVERY_FIVE })
  for (let index = 0; index < 12; index++) {
    await one.audit.record(callEvent(index, { atMs: 1_000 }))
    await two.audit.record(callEvent(index, { atMs: 1_000 }))
  }
  await one.audit.record(callEvent(99))
  for (const { parts, audit } of [one, two]) {
    const { key, newId } = parts
    await pruneAudit({ store, audit, key, nowMs: Date.now, newId }, 86_400_000)
  }
  await one.audit.close()
  await two.audit.close()
  expect(store.rows[0]?.seq).toBeGreaterThan(15)
  const report = await verifyAudit(store, trust(one.parts.key, two.parts.key))
  expect(report.fault).toBeUndefined()
  expect(report.isPruned).toBe(true)
  expect([...one.faults, ...two.faults]).toEqual([])
})

test.each([
  ['without a word of it', (store: ArrayStore) => void store.rows.pop()],
  ['with its checkpoint', (store: ArrayStore) => void store.signed.shift()],
  ['further than was said', (store: ArrayStore) => void (store.rows = store.rows.slice(5))],
  [
    'by an event that nobody signed',
    (store: ArrayStore) => {
      const last = store.rows.at(-1) as AuditRow
      const body = last.body.replace(
        /"signature":"./,
        (text) => `${text.slice(0, -1)}${text.endsWith('A') ? 'B' : 'A'}`,
      )
      store.rows = [...store.rows.slice(0, -1), ...chain(store.rows.at(-2), [{ body }])]
    },
  ],
])('rows that were taken away %s are missed', async (_, tamper) => {
  const { house, prune } = await openOldHouse()
  await prune()
  tamper(house.store)
  const { fault } = await verifyAudit(house.store, trust(house.parts.key))
  expect(fault).toBeDefined()
  expect(fault?.seq).toBeLessThanOrEqual(16)
})

test('what is broken is not pruned', async () => {
  const { house, prune } = await openOldHouse()
  const row = house.store.rows[3] as AuditRow
  house.store.rows[3] = { ...row, body: row.body.replace('key:build', 'key:other') }
  await expect(prune()).rejects.toEqual(
    expect.objectContaining({ code: 'audit_broken', detail: { seq: 4, upTo: 4 } }),
  )
  expect(house.store.rows).toHaveLength(20)
})

test('rows that only seem to be old are not pruned', async () => {
  const { house, prune } = await openOldHouse()
  const { store } = house
  const { list } = store
  Object.assign(store, {
    list: (query: AuditQuery) => (query.fromMs === undefined ? list(query) : Promise.resolve([])),
  })
  await expect(prune()).rejects.toEqual(BROKEN)
  expect(store.rows).toHaveLength(20)
})
