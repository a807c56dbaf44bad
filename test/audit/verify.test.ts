import fc from 'fast-check'
import { expect, test } from 'vitest'

import type { Anchor } from '../../src/audit/anchor.ts'
import { signCheckpoint } from '../../src/audit/checkpoint.ts'
import { toEventText } from '../../src/audit/event-text.ts'
import { newSigningKey, type SigningKey, type TrustedKeys } from '../../src/audit/signing-key.ts'
import { verifyAudit, type AuditReport } from '../../src/audit/verify.ts'
import type { AuditCheckpoint, AuditRow } from '../../src/core/audit.ts'
import { chain, createArrayStore } from './array-store.ts'
import { callEvent } from './events.ts'

const key = newSigningKey()
const stranger = newSigningKey()
const keys: TrustedKeys = new Map([[key.id, key.publicKey]])

interface House {
  rows: AuditRow[]
  signed: AuditCheckpoint[]
  anchor: Anchor
}

/** A chain of so many rows, with a checkpoint after every few. */
function build(count: number, every: number): House {
  const rows = chain(
    undefined,
    Array.from({ length: count }, (_, index) => ({ body: toEventText(callEvent(index)) })),
  )
  const signed: AuditCheckpoint[] = []
  for (const row of rows) {
    if (row.seq % every === 0) signed.push(signCheckpoint(row, signed.at(-1)?.seq ?? 0, row.seq, key))
  }
  const last = rows.at(-1) as AuditRow
  return { rows, signed, anchor: { seq: last.seq, hash: last.hash, checkpoint: signed.at(-1)?.seq ?? 0 } }
}

function verify({ rows, signed, anchor }: House): Promise<AuditReport> {
  const store = createArrayStore()
  store.rows = rows
  store.signed = signed.toSorted((a, b) => a.seq - b.seq)
  return verifyAudit(store, keys, { anchor })
}

function rechain(house: House, from: number): void {
  const before = house.rows[from - 1]
  house.rows = [...house.rows.slice(0, from), ...chain(before, house.rows.slice(from))]
}

/** Numbers the rows anew, as they stand. */
function renumber(rows: readonly AuditRow[]): AuditRow[] {
  return rows.map((row, index) => ({ ...row, seq: index + 1 }))
}

/** Puts signatures of another key under all checkpoints, as somebody would who has none of ours. */
function signAnew(house: House, other: SigningKey): void {
  house.signed = house.signed.map(({ seq, previous, atMs }) =>
    signCheckpoint({ seq, hash: house.rows[seq - 1]?.hash ?? '' }, previous, atMs, other),
  )
}

test('a whole chain is found whole', async () => {
  const house = build(1_234, 100)
  expect(await verify(house)).toEqual({
    rows: 1_234,
    checkpoints: 12,
    signedSeq: 1_200,
    isPruned: false,
    firstSeq: 1,
    lastSeq: 1_234,
    fromMs: callEvent(0).atMs,
    toMs: callEvent(1_233).atMs,
  })
})

test('an empty one is found whole, unless something says that there was more', async () => {
  const store = createArrayStore()
  expect((await verifyAudit(store, keys)).fault).toBeUndefined()
  const { anchor, signed } = build(3, 2)
  expect((await verifyAudit(store, keys, { anchor })).fault).toMatchObject({ seq: 1, upTo: 3 })
  store.signed = signed
  expect((await verifyAudit(store, keys)).fault).toMatchObject({ seq: 1, upTo: 2 })
})

/** Each tampers at the row with this index, and says which row is the first bad one. */
const EXACT: Readonly<Record<string, (house: House, at: number, random: number) => number | undefined>> = {
  'a byte of a body': (house, at, random) => {
    const row = house.rows[at] as AuditRow
    const bytes = Buffer.from(row.body)
    const place = random % bytes.length
    bytes[place] = (bytes[place] as number) ^ 1
    house.rows[at] = { ...row, body: bytes.toString('latin1') }
    return at + 1
  },
  'a digit of a hash': (house, at, random) => {
    const row = house.rows[at] as AuditRow
    const place = random % 64
    const digit = row.hash[place] === '0' ? '1' : '0'
    house.rows[at] = { ...row, hash: row.hash.slice(0, place) + digit + row.hash.slice(place + 1) }
    return at + 1
  },
  'two rows swapped': (house, at, random) => {
    const other = random % house.rows.length
    if (other === at) return undefined
    const [a, b] = [house.rows[at] as AuditRow, house.rows[other] as AuditRow]
    house.rows[at] = { ...b, seq: a.seq }
    house.rows[other] = { ...a, seq: b.seq }
    return Math.min(at, other) + 1
  },
  'a row taken away': (house, at) => {
    house.rows.splice(at, 1)
    return at + 1
  },
  'a row taken away, the others moved up': (house, at) => {
    house.rows.splice(at, 1)
    house.rows = renumber(house.rows)
    return at + 1
  },
  'a row put in twice': (house, at) => {
    house.rows.splice(at, 0, house.rows[at] as AuditRow)
    return at + 1
  },
  'a row put in twice, the others moved down': (house, at) => {
    house.rows = renumber(house.rows.toSpliced(at, 0, house.rows[at] as AuditRow))
    return at + 2
  },
  'a strange row with a good hash put in': (house, at) => {
    // Where it stands on a row that was signed, that is what shows first: see below.
    if (house.anchor.seq === at + 1 || house.signed.some(({ seq }) => seq === at + 1)) return undefined
    const [strange] = chain(house.rows[at - 1], [{ body: toEventText(callEvent(-1)) }])
    house.rows = renumber(house.rows.toSpliced(at, 0, strange as AuditRow))
    return at + 1
  },
  'the end cut off': (house, at) => {
    house.rows = house.rows.slice(0, at)
    return at + 1
  },
  'the end cut off, with its checkpoints': (house, at) => {
    house.rows = house.rows.slice(0, at)
    house.signed = house.signed.filter(({ seq }) => seq <= at)
    return at + 1
  },
  'a checkpoint taken away': (house, _, random) => {
    const [gone] = house.signed.splice(random % house.signed.length, 1)
    return gone?.seq
  },
  'a checkpoint with another member': (house, at, random) => {
    const place = random % house.signed.length
    const one = house.signed[place] as AuditCheckpoint
    const [seq, signature] = [one.seq, Buffer.from(one.signature, 'base64')]
    signature[at % signature.length] = (signature[at % signature.length] as number) ^ 1
    const changes: Partial<AuditCheckpoint>[] = [
      { atMs: one.atMs + 1 },
      { hash: house.rows[0]?.hash === one.hash ? 'a'.repeat(64) : (house.rows[0]?.hash as string) },
      { previous: one.previous + 1 },
      { signature: signature.toString('base64') },
      { keyId: stranger.id },
    ]
    house.signed[place] = { ...one, ...changes[at % changes.length] }
    return seq
  },
  'a checkpoint of a stranger put in': (house, at) => {
    const row = house.rows[at] as AuditRow
    house.signed = house.signed.filter(({ seq }) => seq !== row.seq)
    house.signed.push(signCheckpoint(row, 0, 1, stranger))
    return at + 1
  },
}

test.each(Object.keys(EXACT))('%s is found, at its row', async (name) => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 5, max: 40 }),
      fc.integer({ min: 1, max: 6 }),
      fc.nat(),
      fc.nat(),
      async (count, every, at, random) => {
        const house = build(count, Math.min(every, count))
        const bad = EXACT[name]?.(house, at % count, random)
        fc.pre(bad !== undefined)
        const { fault, rows } = await verify(house)
        expect(fault?.seq).toBe(bad)
        expect(rows).toBeLessThan(count + 2)
        expect(fault?.upTo).toBeGreaterThanOrEqual(fault?.seq ?? 0)
      },
    ),
    { numRuns: 60 },
  )
})

/** Rewrites the rows from an index on, with good hashes. Nobody can say more than between what the bad row is. */
const REWRITTEN: Readonly<Record<string, (house: House, at: number) => void>> = {
  'a row': () => {},
  'a row, and the checkpoints after it taken away': (house, at) => {
    house.signed = house.signed.filter(({ seq }) => seq <= at)
  },
  'a row, one after it taken away and one put in at the end': (house, at) => {
    house.rows.splice(at + 1, 1)
    house.rows.push({ seq: 0, hash: '', body: toEventText(callEvent(-1)) })
    rechain(house, at)
  },
  'a row, and one put in before it': (house, at) => {
    house.rows.splice(at, 0, { seq: 0, hash: '', body: toEventText(callEvent(-1)) })
    rechain(house, at)
  },
  'a row, and strange rows at the end': (house) => {
    house.rows.push(...chain(house.rows.at(-1), [{ body: toEventText(callEvent(-1)) }]))
  },
}

test.each(Object.keys(REWRITTEN))('%s with all after it written anew is found', async (name) => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 5, max: 40 }),
      fc.integer({ min: 1, max: 6 }),
      fc.nat(),
      async (count, every, random) => {
        const house = build(count, every)
        const at = random % count
        const row = house.rows[at] as AuditRow
        house.rows[at] = { ...row, body: row.body.replace('key:build', 'key:other') }
        rechain(house, at)
        REWRITTEN[name]?.(house, at)
        const { fault } = await verify(house)
        expect(fault?.seq).toBeLessThanOrEqual(at + 1)
        expect(fault?.upTo).toBeGreaterThanOrEqual(at + 1)
        // No more rows are suspected than those since the last signature.
        expect(fault?.seq).toBeGreaterThan(at - every)
      },
    ),
    { numRuns: 60 },
  )
})

test('all of it written anew and signed by somebody else is found', async () => {
  const house = build(20, 5)
  house.rows[3] = { ...(house.rows[3] as AuditRow), body: '{}' }
  rechain(house, 3)
  signAnew(house, stranger)
  expect((await verify(house)).fault).toMatchObject({ seq: 4, why: 'holds no event' })
  house.rows[3] = { ...house.rows[3], body: toEventText(callEvent(77)) }
  rechain(house, 3)
  signAnew(house, stranger)
  expect((await verify(house)).fault).toMatchObject({ seq: 5, why: expect.stringContaining(stranger.id) })
})

test('two keys may sign one chain, and only one of them a row', async () => {
  const house = build(20, 5)
  const both: TrustedKeys = new Map([...keys, [stranger.id, stranger.publicKey]])
  const at = (seq: number) => house.rows[seq - 1] as AuditRow
  house.signed = [
    signCheckpoint(at(5), 0, 1, key),
    signCheckpoint(at(7), 0, 1, stranger),
    signCheckpoint(at(10), 5, 1, key),
    // The other one signed row 10 too, and was not kept: it names it all the same.
    signCheckpoint(at(15), 10, 1, stranger),
    signCheckpoint(at(20), 10, 1, key),
  ]
  const store = createArrayStore()
  Object.assign(store, { rows: house.rows, signed: house.signed })
  expect((await verifyAudit(store, both)).fault).toBeUndefined()
  expect((await verifyAudit(store, keys)).fault).toMatchObject({ seq: 7 })
})
