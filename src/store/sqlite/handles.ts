import type { HandleStore, NewValue } from '../../core/store.ts'
import { inTransaction } from './database.ts'
import type { PartPorts } from './ports.ts'

/** 120 bits: 20 characters of base64url. */
const HANDLE_BYTES = 15
const HANDLE_PATTERN = /^h_[A-Za-z0-9_-]{20}$/

interface Row {
  readonly json: string
  readonly kind: string
  readonly mimeType: string | null
  readonly name: string | null
  readonly savedAtMs: number
  readonly expiresAtMs: number
}

export function createHandles({ database, clock, limits, random, forgive }: PartPorts): HandleStore {
  const bounds = limits.handle
  const select = database.prepare(
    'SELECT json, kind, mimeType, name, savedAtMs, expiresAtMs FROM handle WHERE handle = ? AND owner = ? AND expiresAtMs > ?',
  )
  const insert = database.prepare(
    'INSERT INTO handle (handle, owner, bytes, savedAtMs, expiresAtMs, kind, mimeType, name, json) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const sumOfOwner = database.prepare(
    'SELECT count(*) AS count, coalesce(sum(bytes), 0) AS bytes FROM handle WHERE owner = ?',
  )
  const sumOfAll = database.prepare('SELECT count(*) AS count, coalesce(sum(bytes), 0) AS bytes FROM handle')
  const oldestOfOwner = database.prepare('SELECT seq, bytes FROM handle WHERE owner = ? ORDER BY seq LIMIT ?')
  const oldestOfAll = database.prepare('SELECT seq, bytes FROM handle ORDER BY seq LIMIT ?')
  const remove = database.prepare('DELETE FROM handle WHERE seq = ?')

  /** Takes the oldest away until there is room for one more of this size. */
  function makeRoom(
    used: Readonly<Record<string, unknown>> | undefined,
    room: { readonly bytes: number; readonly count: number },
    oldest: (count: number) => readonly Readonly<Record<string, unknown>>[],
  ): void {
    let bytes = Number(used?.['bytes'])
    let count = Number(used?.['count'])
    if (bytes <= room.bytes && count <= room.count) return
    for (const row of oldest(count)) {
      if (bytes <= room.bytes && count <= room.count) return
      remove.run(Number(row['seq']))
      bytes -= Number(row['bytes'])
      count--
    }
  }

  return {
    keep: (owner, value) =>
      forgive(undefined, () => {
        const bytes = sizeOf(value)
        const isTooLarge = bytes > bounds.valueBytes || (value.name?.length ?? 0) > limits.keyChars
        if (isTooLarge || owner.length > limits.keyChars) return undefined
        const handle = `h_${random(HANDLE_BYTES).toString('base64url')}`
        const nowMs = Math.floor(clock.nowMs())
        inTransaction(database, () => {
          const ofOwner = { bytes: bounds.ownerBytes - bytes, count: bounds.ownerCount - 1 }
          makeRoom(sumOfOwner.get(owner), ofOwner, (count) => oldestOfOwner.all(owner, count))
          const ofAll = { bytes: bounds.bytes - bytes, count: bounds.count - 1 }
          makeRoom(sumOfAll.get(), ofAll, (count) => oldestOfAll.all(count))
          const { kind, mimeType = null, name = null, json } = value
          insert.run(handle, owner, bytes, nowMs, nowMs + bounds.ttlMs, kind, mimeType, name, json)
        })
        return handle
      }),

    open: (owner, handle) =>
      forgive(undefined, () => {
        if (!HANDLE_PATTERN.test(handle)) return undefined
        const row = select.get(handle, owner, Math.floor(clock.nowMs())) as Row | undefined
        if (row === undefined) return undefined
        const { json, kind, mimeType, name, savedAtMs, expiresAtMs } = row
        return {
          json,
          kind: kind === 'content' ? 'content' : 'value',
          ...(mimeType === null ? {} : { mimeType }),
          ...(name === null ? {} : { name }),
          savedAtMs,
          expiresAtMs,
        }
      }),
  }
}

function sizeOf({ json, mimeType = '', name = '' }: NewValue): number {
  return Buffer.byteLength(json) + Buffer.byteLength(mimeType) + Buffer.byteLength(name)
}
