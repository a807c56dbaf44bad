import { expect, test, vi } from 'vitest'

import { verifyAudit } from '../../src/audit/verify.ts'
import { GatewayError } from '../../src/core/errors.ts'
import { callEvent } from './events.ts'
import { newGate, openHouse, written, writtenIds } from './house.ts'

const UNAVAILABLE = expect.objectContaining({ code: 'audit_unavailable' })
const BROKEN_DISK = new GatewayError('store_unusable', '/secret/place/isogate.db: the disk is full.')

function ids(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, index) => `call-${from + index}`)
}

test('noted and strict events are written in their order, and a strict one when it is on the disk', async () => {
  const { audit, store } = await openHouse()
  audit.note(callEvent(0))
  audit.note(callEvent(1))
  const gate = newGate()
  store.beforeAppend = () => gate.pass
  let isRecorded = false
  const recorded = audit.record(callEvent(2)).then(() => (isRecorded = true))
  audit.note(callEvent(3))
  await new Promise((resolve) => setTimeout(resolve, 60))
  expect(isRecorded).toBe(false)
  expect(store.rows).toEqual([])
  gate.open()
  await recorded
  expect(writtenIds(store)).toEqual(ids(4))
  expect(store.appends).toEqual([4])
})

test('a noted event is written without anybody waiting for it', async () => {
  const { audit, store } = await openHouse()
  for (let index = 0; index < 100; index++) audit.note(callEvent(index))
  await vi.waitFor(() => expect(writtenIds(store)).toEqual(ids(100)))
  expect(store.appends).toEqual([100])
})

test('what comes while an append is in flight goes with the next one', async () => {
  const { audit, store } = await openHouse()
  const gate = newGate()
  store.beforeAppend = () => gate.pass
  const first = audit.record(callEvent(0))
  await new Promise((resolve) => setTimeout(resolve, 20))
  const others = ids(64, 1).map((_, index) => audit.record(callEvent(1 + index)))
  gate.open()
  await Promise.all([first, ...others])
  expect(writtenIds(store)).toEqual(ids(65))
  expect(store.appends).toEqual([1, 64])
})

test('a short failure is not noticed but in the log, and there once', async () => {
  const { audit, store, faults } = await openHouse()
  let failures = 3
  store.beforeAppend = () => (failures-- > 0 ? Promise.reject(BROKEN_DISK) : Promise.resolve())
  await Promise.all([audit.record(callEvent(0)), audit.record(callEvent(1))])
  expect(writtenIds(store)).toEqual(ids(2))
  expect(faults).toEqual([BROKEN_DISK])
})

test.each(['fails', 'hangs'])(
  'where the store %s, strict events are refused, and service comes back by itself',
  async (how) => {
    const { audit, store } = await openHouse({ bounds: { patienceMs: 100 } })
    const gate = newGate()
    let isBroken = true
    store.beforeAppend = async () => {
      if (isBroken && how === 'hangs') await gate.pass
      if (isBroken) throw BROKEN_DISK
    }
    audit.note(callEvent(0))
    const refused = await audit.record(callEvent(1)).catch((error: unknown) => error as GatewayError)
    expect(refused).toEqual(UNAVAILABLE)
    // The caller is not told where the store is.
    expect((refused as GatewayError).message).not.toContain('secret')
    expect(() => audit.requireReady()).toThrow(UNAVAILABLE)
    expect(() => audit.requireReady('strict')).toThrow(UNAVAILABLE)
    expect(() => audit.requireReady('batched')).not.toThrow()
    // At once: the store is known to fail.
    const later = audit.record(callEvent(2)).catch((error: unknown) => error)
    expect(await Promise.race([later, new Promise((resolve) => setImmediate(resolve))])).toEqual(UNAVAILABLE)
    audit.note(callEvent(3))

    isBroken = false
    gate.open()
    await vi.waitFor(() => expect(() => audit.requireReady()).not.toThrow(), 5_000)
    await audit.record(callEvent(4))
    // What was refused has happened nevertheless, and is told.
    expect(writtenIds(store)).toEqual(ids(5))
  },
)

test('what is remembered has a bound, and what goes beyond it is counted', async () => {
  const { audit, store } = await openHouse({ bounds: { events: 10, patienceMs: 50 } })
  let isBroken = true
  store.beforeAppend = () => (isBroken ? Promise.reject(BROKEN_DISK) : Promise.resolve())
  for (let index = 0; index < 9; index++) audit.note(callEvent(index))
  expect(() => audit.requireReady('batched')).not.toThrow()
  audit.note(callEvent(9))
  expect(() => audit.requireReady('batched')).toThrow(UNAVAILABLE)
  // Calls that had begun still note their end.
  for (let index = 10; index < 23; index++) audit.note(callEvent(index))
  await expect(audit.record(callEvent(23))).rejects.toEqual(UNAVAILABLE)
  isBroken = false
  await vi.waitFor(() => expect(store.rows).toHaveLength(21), 5_000)
  expect(writtenIds(store).slice(0, 20)).toEqual(ids(20))
  expect(written(store).at(-1)).toMatchObject({ kind: 'audit.lost', detail: { events: 3 } })
  expect(() => audit.requireReady()).not.toThrow()
})

test('large events are bounded by their size', async () => {
  const { audit, store } = await openHouse({ bounds: { characters: 50_000 } })
  store.beforeAppend = () => Promise.reject(BROKEN_DISK)
  const rule = 'x'.repeat(2_000)
  let count = 0
  for (; count < 1_000; count++) {
    try {
      audit.requireReady('batched')
    } catch {
      break
    }
    audit.note(callEvent(count, { rule }))
  }
  expect(count).toBeLessThan(30)
  store.beforeAppend = () => Promise.resolve()
})

test('closing writes what is left, and signs it', async () => {
  const { audit, store, parts, faults } = await openHouse()
  for (let index = 0; index < 2_000; index++) audit.note(callEvent(index))
  const recorded = audit.record(callEvent(2_000))
  await audit.close()
  await recorded
  expect(writtenIds(store)).toEqual(ids(2_001))
  expect(store.signed.at(-1)).toMatchObject({ seq: 2_001, hash: store.rows.at(-1)?.hash })
  expect(parts.anchor?.read()).toEqual({ seq: 2_001, hash: store.rows.at(-1)?.hash, checkpoint: 2_001 })
  await expect(audit.record(callEvent(0))).rejects.toEqual(UNAVAILABLE)
  expect(() => audit.requireReady()).toThrow(UNAVAILABLE)
  expect(faults).toEqual([])
  audit.note(callEvent(0))
  expect(faults).toEqual([UNAVAILABLE])
})

test('closing does not wait for ever, and says what is lost', async () => {
  const { audit, store, faults } = await openHouse({ bounds: { closeMs: 100 } })
  store.beforeAppend = () => Promise.reject(BROKEN_DISK)
  audit.note(callEvent(0))
  const recorded = audit.record(callEvent(1)).catch((error: unknown) => error)
  await audit.close()
  expect(await recorded).toEqual(UNAVAILABLE)
  expect(faults.at(-1)?.message).toContain('2 events could not be written')
})

test('checkpoints are signed after so many rows, and after so long', async () => {
  const settings = { checkpointRows: 10, checkpointMs: 60_000 }
  const { audit, store, parts } = await openHouse({ settings })
  for (let index = 0; index < 35; index++) await audit.record(callEvent(index))
  await vi.waitFor(() => expect(store.signed.map(({ seq }) => seq)).toEqual([10, 20, 30]))
  await audit.close()
  expect(store.signed.map(({ seq, previous }) => [seq, previous])).toEqual([
    [10, 0],
    [20, 10],
    [30, 20],
    [35, 30],
  ])
  const keys = new Map([[parts.key.id, parts.key.publicKey]])
  expect(await verifyAudit(store, keys)).toMatchObject({ rows: 35, checkpoints: 4, signedSeq: 35 })

  const slow = await openHouse({ settings: { checkpointRows: 1_000, checkpointMs: 50 } })
  await slow.audit.record(callEvent(0))
  await vi.waitFor(() => expect(slow.store.signed).toHaveLength(1))
  await new Promise((resolve) => setTimeout(resolve, 120))
  // Nothing new, nothing to sign.
  expect(slow.store.signed).toHaveLength(1)
})

test('rows that come while a signature is stored are signed after it', async () => {
  const { audit, store } = await openHouse({ settings: { checkpointRows: 5, checkpointMs: 60_000 } })
  const { putCheckpoint } = store
  const gate = newGate()
  Object.assign(store, {
    putCheckpoint: async (checkpoint: never) => {
      await putCheckpoint(checkpoint)
      await gate.pass
    },
  })
  for (let index = 0; index < 12; index++) await audit.record(callEvent(index))
  expect(store.signed.map(({ seq }) => seq)).toEqual([5])
  gate.open()
  await vi.waitFor(() => expect(store.signed.map(({ seq }) => seq)).toEqual([5, 12]))
})

test('a signature that could not be stored is made later', async () => {
  const { audit, store, faults } = await openHouse({ settings: { checkpointRows: 1_000, checkpointMs: 20 } })
  const { putCheckpoint } = store
  let failures = 2
  Object.assign(store, {
    putCheckpoint: (checkpoint: never) =>
      failures-- > 0 ? Promise.reject(BROKEN_DISK) : putCheckpoint(checkpoint),
  })
  await audit.record(callEvent(0))
  await vi.waitFor(() => expect(store.signed).toHaveLength(1))
  expect(faults).toEqual([BROKEN_DISK])
})
