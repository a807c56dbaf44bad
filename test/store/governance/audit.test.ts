import { describe, expect, test } from 'vitest'

import type { AuditCheckpoint, AuditQuery } from '../../../src/core/audit.ts'
import { bodyOf, findBreak, nameOf, readAll } from './audit-rows.ts'
import { openHouses, PLACES } from './house.ts'
import type { House } from './open-parts.ts'

function checkpointOf(seq: number, hash: string, more: Partial<AuditCheckpoint> = {}): AuditCheckpoint {
  return { seq, hash, previous: 0, atMs: 5, keyId: 'k'.repeat(16), signature: 'c2ln', ...more }
}

async function fill(house: House, count: number): Promise<void> {
  await house.audit.append(Array.from({ length: count }, (_, index) => bodyOf(`e${index + 1}`)))
}

describe.each(PLACES)('audit: $name', (place) => {
  test('each append puts its rows on the end of the chain', async () => {
    const { house } = await openHouses(place, 1)
    expect(await house.audit.last()).toBeUndefined()
    await fill(house, 3)
    const last = await house.audit.append([bodyOf('e4')])
    expect(await house.audit.last()).toEqual(last)
    expect(await house.audit.append([])).toEqual(last)
    const rows = await readAll(house.audit)
    expect(rows.map(nameOf)).toEqual(['e1', 'e2', 'e3', 'e4'])
    expect(findBreak(rows)).toBeUndefined()
    expect(rows.at(-1)).toMatchObject(last)
    expect(findBreak([...rows.slice(0, 1), ...rows.slice(2)])).toBe(3)
  })

  test('several who append at the same time make one chain, and lose nothing', async () => {
    const { houseAt, house } = await openHouses(place, place.isShared ? 3 : 1)
    const names = Array.from({ length: 60 }, (_, index) => `e${index}`)
    const ends = await Promise.all(
      names.map((name, index) => houseAt(index).audit.append([bodyOf(name), bodyOf(`${name}+`)])),
    )
    const rows = await readAll(house.audit)
    expect(findBreak(rows)).toBeUndefined()
    expect(rows.map(nameOf).toSorted()).toEqual(names.flatMap((name) => [name, `${name}+`]).toSorted())
    expect(new Set(ends.map((end) => end?.seq)).size).toBe(60)
    for (const end of ends) expect(rows[(end?.seq ?? 0) - 1]?.hash).toBe(end?.hash)
  })

  test('is searched by what a row is about', async () => {
    const { house } = await openHouses(place, 1)
    await house.audit.append([
      bodyOf('e1', { tool: 'fs.read', atMs: 10 }),
      bodyOf('e2', { tool: 'fs.write', atMs: 20, outcome: 'refused' }),
      bodyOf('e3', { kind: 'login', principal: 'admin', atMs: 30 }),
      bodyOf('e4', { tool: 'fs.read', principal: 'key:bob', atMs: 40, outcome: 'tool_error' }),
    ])
    const names = async (query: AuditQuery) => (await house.audit.list(query)).map(nameOf)
    expect(await names({ tool: 'fs.read' })).toEqual(['e1', 'e4'])
    expect(await names({ tool: 'fs.read', newestFirst: true, limit: 1 })).toEqual(['e4'])
    expect(await names({ principal: 'key:ci' })).toEqual(['e1', 'e2'])
    expect(await names({ kind: 'login' })).toEqual(['e3'])
    expect(await names({ kind: 'call' })).toEqual(['e1', 'e2', 'e4'])
    expect(await names({ outcome: 'refused' })).toEqual(['e2'])
    expect(await names({ outcome: 'ok' })).toEqual(['e1', 'e3'])
    expect(await names({ fromMs: 20, toMs: 30 })).toEqual(['e2', 'e3'])
    expect(await names({ afterSeq: 2, principal: 'key:bob' })).toEqual(['e4'])
    expect(await names({ limit: 0 })).toEqual(['e1'])
  })

  test('what is rare is found in a long chain, from both ends', async () => {
    const { house } = await openHouses(place, 1)
    const rare = [4, 10_003, 20_001]
    await house.audit.append(
      Array.from({ length: 20_100 }, (_, index) =>
        bodyOf(`e${index + 1}`, rare.includes(index + 1) ? { principal: 'rare' } : {}),
      ),
    )
    const seqs = async (query: AuditQuery) =>
      (await house.audit.list({ principal: 'rare', ...query })).map(({ seq }) => seq)
    expect(await seqs({})).toEqual(rare)
    expect(await seqs({ newestFirst: true })).toEqual(rare.toReversed())
    expect(await seqs({ limit: 2 })).toEqual(rare.slice(0, 2))
    expect(await seqs({ newestFirst: true, limit: 1 })).toEqual([20_001])
    expect(await seqs({ afterSeq: 4 })).toEqual(rare.slice(1))
    expect(await seqs({ afterSeq: 20_100 })).toEqual([])
  })

  test('no name keeps a row out', async () => {
    const { house } = await openHouses(place, 1)
    const names = ['nul\u0000', 'half \uD800', 'x'.repeat(100_000), '\u{1F600}'.repeat(300), "'; DROP", '']
    for (const tool of names) await house.audit.append([bodyOf('e', { tool, principal: tool })])
    const rows = await readAll(house.audit)
    expect(findBreak(rows)).toBeUndefined()
    for (const [index, tool] of names.entries()) {
      expect((JSON.parse(rows[index]?.body ?? '') as { tool: string }).tool).toBe(tool)
      expect((await house.audit.list({ tool, limit: 1 }))[0]?.seq).toBe(index + 1)
    }
  })

  test('checkpoints are kept by row and key', async () => {
    const { house } = await openHouses(place, 1)
    await fill(house, 3)
    const [first, , third] = await readAll(house.audit)
    const made = [
      checkpointOf(1, first?.hash ?? ''),
      checkpointOf(3, third?.hash ?? '', { previous: 1 }),
      checkpointOf(3, third?.hash ?? '', { keyId: 'l'.repeat(16) }),
    ]
    for (const checkpoint of [...made, { ...made[0], signature: 'other' } as AuditCheckpoint])
      await house.audit.putCheckpoint(checkpoint)
    expect(await house.audit.checkpoints(0)).toEqual(made)
    expect(await house.audit.checkpoints(2)).toEqual(made.slice(1))
  })

  test('what is pruned is gone up to a checkpoint, and the chain goes on from there', async () => {
    const { house } = await openHouses(place, 1)
    await fill(house, 700)
    const rows = await readAll(house.audit)
    const checkpoints = [100, 650].map((seq) => checkpointOf(seq, rows[seq - 1]?.hash ?? ''))
    for (const checkpoint of checkpoints) await house.audit.putCheckpoint(checkpoint)
    await expect(house.audit.prune(99)).rejects.toMatchObject({ code: 'not_there' })
    expect(await house.audit.prune(650)).toBe(650)
    expect(await house.audit.prune(650)).toBe(0)
    expect(await house.audit.checkpoints(0)).toEqual(checkpoints.slice(1))
    expect((await readAll(house.audit)).map(({ seq }) => seq)).toEqual(rows.slice(650).map(({ seq }) => seq))
    const { count } = await house.base.sql
      .selectFrom('auditRow')
      .select((row) => row.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    expect(count).toBe(50)

    // With no row left, the checkpoint is what the next row stands on.
    const end = rows[699]?.hash ?? ''
    await house.audit.putCheckpoint(checkpointOf(700, end))
    expect(await house.audit.prune(700)).toBe(50)
    expect(await house.audit.last()).toEqual({ seq: 700, hash: end })
    await house.audit.append([bodyOf('next')])
    expect(findBreak(await readAll(house.audit), { seq: 700, hash: end })).toBeUndefined()
  })

  test('nothing is pruned up to a checkpoint that is about another row', async () => {
    const { house } = await openHouses(place, 1)
    await fill(house, 3)
    await house.audit.putCheckpoint(checkpointOf(2, 'f'.repeat(64)))
    await expect(house.audit.prune(2)).rejects.toMatchObject({ code: 'audit_broken' })
    expect(await readAll(house.audit)).toHaveLength(3)
  })

  test('what is appended after the end is refused', async () => {
    const { house } = await openHouses(place, 1)
    await fill(house, 1)
    await house.close()
    await expect(house.audit.append([bodyOf('late')])).rejects.toMatchObject({ code: 'store_unusable' })
  })
})
