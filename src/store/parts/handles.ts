import { sql as raw } from 'kysely'

import type { HandleStore, NewValue } from '../../core/store.ts'
import { isKey } from '../keys.ts'
import type { PartPorts } from '../ports.ts'
import { placeOf } from '../sealing.ts'
import type { SqlTransaction } from '../sql/sql.ts'

/** 120 bits: 20 characters of base64url. */
const HANDLE_BYTES = 15
/** Of how many the sizes are read at a time, to find those that make room. */
const OLDEST = 64
const HANDLE_PATTERN = /^h_[A-Za-z0-9_-]{20}$/

interface Room {
  readonly bytes: number
  readonly count: number
}

export function createHandles(ports: PartPorts): HandleStore {
  const { looseSql, clock, limits, random, seal, forgive } = ports
  const bounds = limits.handle

  return {
    keep: (owner, value) =>
      forgive(undefined, async () => {
        const bytes = sizeOf(value)
        const isTooLarge = bytes > bounds.valueBytes || (value.name?.length ?? 0) > limits.keyChars
        if (isTooLarge || !isKey(owner, limits)) return undefined
        const handle = `h_${random(HANDLE_BYTES).toString('base64url')}`
        const nowMs = Math.floor(clock.nowMs())
        const { kind, mimeType = null, name, json } = value
        const row = {
          handle,
          owner,
          bytes,
          savedAtMs: nowMs,
          expiresAtMs: nowMs + bounds.ttlMs,
          kind,
          mimeType,
          name: name === undefined ? null : seal.seal(name, placeOf('handle.name', handle)),
          json: seal.seal(json, placeOf('handle.json', handle)),
        }
        await looseSql.transaction().execute(async (sql) => {
          await makeRoom(sql, { bytes: bounds.ownerBytes - bytes, count: bounds.ownerCount - 1 }, owner)
          await makeRoom(sql, { bytes: bounds.bytes - bytes, count: bounds.count - 1 })
          await sql.insertInto('handle').values(row).execute()
        })
        return handle
      }),

    open: (owner, handle) =>
      forgive(undefined, async () => {
        if (!HANDLE_PATTERN.test(handle) || !isKey(owner, limits)) return undefined
        const row = await looseSql
          .selectFrom('handle')
          .select(['json', 'kind', 'mimeType', 'name', 'savedAtMs', 'expiresAtMs'])
          .where('handle', '=', handle)
          .where('owner', '=', owner)
          .where('expiresAtMs', '>', Math.floor(clock.nowMs()))
          .executeTakeFirst()
        if (row === undefined) return undefined
        const { json, kind, mimeType, name, savedAtMs, expiresAtMs } = row
        return {
          json: seal.open(json, placeOf('handle.json', handle)),
          kind: kind === 'content' ? 'content' : 'value',
          ...(mimeType === null ? {} : { mimeType }),
          ...(name === null ? {} : { name: seal.open(name, placeOf('handle.name', handle)) }),
          savedAtMs,
          expiresAtMs,
        }
      }),
  }
}

/** Takes the oldest away, of one owner or of all, until there is room for one more. */
async function makeRoom(sql: SqlTransaction, room: Room, owner?: string): Promise<void> {
  const theirs = owner === undefined ? raw<boolean>`1 = 1` : raw<boolean>`owner = ${owner}`
  const { count, bytes } = await sql
    .selectFrom('handle')
    .select(({ fn }) => [fn.countAll<number>().as('count'), fn.sum<number | null>('bytes').as('bytes')])
    .where(theirs)
    .executeTakeFirstOrThrow()
  let left = { count, bytes: bytes ?? 0 }
  while (left.count > 0 && (left.count > room.count || left.bytes > room.bytes)) {
    const oldest = await sql
      .selectFrom('handle')
      .select(['seq', 'bytes'])
      .where(theirs)
      .orderBy('seq')
      .limit(OLDEST)
      .execute()
    // Another gateway was faster.
    if (oldest.length === 0) return
    let last = 0
    for (const row of oldest) {
      if (left.count <= room.count && left.bytes <= room.bytes) break
      last = row.seq
      left = { count: left.count - 1, bytes: left.bytes - row.bytes }
    }
    await sql.deleteFrom('handle').where('seq', '<=', last).where(theirs).execute()
  }
}

function sizeOf({ json, mimeType = '', name = '' }: NewValue): number {
  return Buffer.byteLength(json) + Buffer.byteLength(mimeType) + Buffer.byteLength(name)
}
