import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { randomBytes } from 'node:crypto'

import { expect, onTestFinished, test, vi } from 'vitest'

import { anchorFile, openAnchor, type Anchor } from '../../src/audit/anchor.ts'
import { createAudit, type AuditParts } from '../../src/audit/audit.ts'
import { readRows } from '../../src/audit/pages.ts'
import { pruneAudit } from '../../src/audit/prune.ts'
import { auditKeyFile, loadSigningKey, type TrustedKeys } from '../../src/audit/signing-key.ts'
import { verifyAudit } from '../../src/audit/verify.ts'
import type { AuditEvent } from '../../src/core/audit.ts'
import type { Store } from '../../src/core/store.ts'
import { openStore, type StorePlace } from '../../src/store/store.ts'
import { PLACES } from '../store/governance/house.ts'
import { callEvent } from './events.ts'
import { newFolder, openHouse } from './house.ts'

const RECORDER = fileURLToPath(new URL('./programs/recorder.ts', import.meta.url))
const DAY_MS = 86_400_000
const clock = { nowMs: Date.now, monotonicMs: () => performance.now() }

async function open(place: StorePlace): Promise<Store> {
  const store = await openStore({ ...place, clock, random: randomBytes })
  onTestFinished(() => store.close())
  return store
}

/** An audit over a real store, and what it complained of. */
async function openAudit(store: Store, given: Partial<AuditParts> = {}) {
  const { parts } = await openHouse()
  const faults: Error[] = []
  const onFault = (error: Error): void => void faults.push(error)
  const whole: AuditParts = { ...parts, ...given, store: store.audit, onFault }
  const audit = createAudit(whole)
  return { audit, faults, parts: whole }
}

async function idsOf(store: Store): Promise<readonly string[]> {
  const ids: string[] = []
  for await (const { body } of readRows(store.audit)) ids.push((JSON.parse(body) as AuditEvent).id)
  return ids
}

const BROKEN = expect.objectContaining({ code: 'audit_broken' }) as unknown
/** On a busy machine a database may take seconds; that is not what is tried. */
const PATIENT = { patienceMs: 20_000, closeMs: 20_000 }

/** Texts that a caller may choose, and that not every database takes. */
const ODD = ['a\0b', '\uD800', '😀'.repeat(2_000), "'; DROP TABLE x; --", ' ', 'ä\u202e']

test.each(PLACES)('events of two gateways are one chain in $name', async ({ make, isShared }) => {
  const place = await make()
  const stores = [await open(place)]
  if (isShared) stores.push(await open(place))
  const settings = { checkpointRows: 20, checkpointMs: 60_000 }
  const houses = await Promise.all(stores.map((store) => openAudit(store, { settings, bounds: PATIENT })))
  let count = 0
  for (let round = 0; round < 15; round++) {
    await Promise.all(
      houses.flatMap(({ audit }) => {
        audit.note(callEvent((count += 1), { principal: ODD[count % ODD.length] ?? '' }))
        return [1, 2, 3].map(() =>
          audit.record(callEvent((count += 1), { tool: ODD[count % ODD.length] ?? '' })),
        )
      }),
    )
  }
  for (const { audit } of houses) await audit.close()
  expect(houses.flatMap(({ faults }) => faults)).not.toContainEqual(BROKEN)
  const [store] = stores as [Store]
  const keys: TrustedKeys = new Map(houses.map(({ parts: { key } }) => [key.id, key.publicKey]))
  const report = await verifyAudit(store.audit, keys)
  expect(report).toMatchObject({ rows: count, lastSeq: count, signedSeq: count })
  expect(report.fault).toBeUndefined()
  expect(new Set(await idsOf(store)).size).toBe(count)
})

test.each(PLACES)('old events are pruned in $name, and the chain goes on', async ({ make }) => {
  const store = await open(await make())
  const { audit, parts, faults } = await openAudit(store, {
    settings: { checkpointRows: 5, checkpointMs: 60_000 },
    bounds: PATIENT,
  })
  const { key, newId } = parts
  for (let index = 0; index < 20; index++) {
    await audit.record(callEvent(index, { atMs: index < 12 ? 1_000 : Date.now() }))
    // A signature that is on its way would be put under later rows too.
    const count = Math.floor((index + 1) / 5)
    await vi.waitFor(async () => expect(await store.audit.checkpoints(0)).toHaveLength(count), 10_000)
  }
  const prune = () => pruneAudit({ store: store.audit, audit, key, nowMs: Date.now, newId }, DAY_MS)
  expect(await prune()).toBe(10)
  expect(await prune()).toBe(0)
  await audit.record(callEvent(20))
  await audit.close()
  expect(faults).not.toContainEqual(BROKEN)
  const anchor = parts.anchor?.read() as Anchor
  const report = await verifyAudit(store.audit, new Map([[key.id, key.publicKey]]), { anchor })
  expect(report).toMatchObject({ firstSeq: 11, lastSeq: 22, rows: 12, isPruned: true })
  expect(report.fault).toBeUndefined()
})

test('while another process holds the file, strict events are refused, and service comes back', async () => {
  const path = join(await newFolder(), 'isogate.db')
  const store = await open({ path })
  const { audit, faults } = await openAudit(store, { bounds: { patienceMs: 1_500 } })
  await audit.record(callEvent(0))
  const other = new DatabaseSync(path)
  other.exec('BEGIN IMMEDIATE')
  audit.note(callEvent(1))
  await expect(audit.record(callEvent(2))).rejects.toMatchObject({ code: 'audit_unavailable' })
  expect(() => audit.requireReady('strict')).toThrow(expect.objectContaining({ code: 'audit_unavailable' }))
  expect(faults).toHaveLength(1)
  other.exec('ROLLBACK')
  other.close()
  await vi.waitFor(() => expect(() => audit.requireReady('strict')).not.toThrow(), 15_000)
  await audit.record(callEvent(3))
  expect(await idsOf(store)).toEqual(['call-0', 'call-1', 'call-2', 'call-3'])
  await audit.close()
})

test(
  'after kill -9 nothing is missing that was said to be on the disk, and the chain is whole',
  { timeout: 120_000 },
  async () => {
    const folder = await newFolder()
    const acknowledged: string[] = []
    for (let round = 0; round < 3; round++) {
      const child = spawn(process.execPath, [RECORDER, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
      const ended = once(child, 'exit')
      const output = text(child.stdout)
      await once(child.stdout, 'readable')
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 300))
      child.kill('SIGKILL')
      await ended
      // The last line may be half a line.
      acknowledged.push(...(await output).split('\n').slice(0, -1))
    }
    expect(acknowledged.length).toBeGreaterThan(4)
    const store = await open({ path: join(folder, 'isogate.db') })
    const ids = new Set(await idsOf(store))
    expect(acknowledged.filter((id) => !ids.has(id))).toEqual([])
    const keyFile = auditKeyFile(folder)
    const key = loadSigningKey(keyFile, () => {})
    const anchor = openAnchor(anchorFile(keyFile)).read() as Anchor
    expect(anchor.seq).toBeGreaterThan(0)
    const keys: TrustedKeys = new Map([[key.id, key.publicKey]])
    const report = await verifyAudit(store.audit, keys, { anchor })
    expect(report.fault).toBeUndefined()
    expect(report.rows).toBe(ids.size)
    // And it goes on from there.
    const { audit, faults } = await openAudit(store, { key, anchor: openAnchor(anchorFile(keyFile)) })
    await audit.record(callEvent(0))
    await audit.close()
    expect(faults).toEqual([])
    expect((await verifyAudit(store.audit, keys)).signedSeq).toBe(report.rows + 1)
  },
)
