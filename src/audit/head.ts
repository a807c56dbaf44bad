import { hashAuditRow, FIRST_HASH } from '../core/audit-hash.ts'
import type { AuditBody, AuditStore } from '../core/audit.ts'
import { GatewayError } from '../core/errors.ts'
import type { Anchor, AnchorFile } from './anchor.ts'
import { signCheckpoint, type Head } from './checkpoint.ts'
import type { SigningKey } from './signing-key.ts'

/** Rows that are read at a time where others have appended between. */
const PAGE_ROWS = 200
/** Own rows that are remembered while the rows before them cannot be read. */
const MAX_AHEAD = 10_000

export interface HeadPorts {
  readonly store: AuditStore
  readonly key: SigningKey
  readonly anchor: AnchorFile | undefined
  readonly nowMs: () => number
  readonly onFault: (error: unknown) => void
}

/** The end of the chain, as far as it is known to be whole. */
export interface ChainHead {
  /** Before the first append: looks where the chain ends, and whether it reaches the anchor. */
  readonly begin: () => Promise<void>
  /** After each append: these events, and the last row that the store made of them. */
  readonly advance: (bodies: readonly AuditBody[], last: Head) => void
  /** Rows without a signature above them. */
  readonly unsignedRows: () => number
  /** Signs what is known to be whole, where anything of it is not signed yet. */
  readonly sign: () => Promise<void>
}

/**
 * Follows the chain, so that a signature is only ever put under what this gateway has seen to grow out of what it saw before: rows that were
 * written anew in between, with good hashes, would otherwise be signed with the next ones. Where the chain is found broken nothing more
 * is signed, and the anchor stays where it was right, so that `isogate audit verify` finds the place.
 */
export function createHead({ store, key, anchor, nowMs, onFault }: HeadPorts): ChainHead {
  let known: Head | undefined
  let signedSeq = 0
  let isBroken = false
  /** Last rows of own appends that are not reached yet, because others have appended between. */
  let ahead: Head[] = []
  let following: Promise<void> | undefined

  const breakAt = ({ seq, hash }: Head, why: string): void => {
    if (isBroken) return
    isBroken = true
    ahead = []
    keep({ seq, hash })
    onFault(new GatewayError('audit_broken', `Row ${seq} of the audit ${why}. Nothing more is signed.`))
  }

  const keep = ({ seq, hash }: Head): void => {
    try {
      anchor?.write({ seq, hash, checkpoint: signedSeq })
    } catch (error) {
      onFault(error)
    }
  }

  /** One that is damaged stays as it is: it may be all that is left to tell what was cut off. */
  const readAnchor = (): Anchor | undefined => {
    try {
      return anchor?.read()
    } catch (error) {
      isBroken = true
      onFault(error)
      return undefined
    }
  }

  const isBehind = (): boolean => !isBroken && ahead.length > 0

  /** Reads the rows between what is known and the own ones, and goes on from there. */
  const follow = async (): Promise<void> => {
    while (known !== undefined && isBehind()) {
      const rows = await store.list({ afterSeq: known.seq, limit: PAGE_ROWS })
      for (const { seq, body, hash } of rows) {
        const [own] = ahead
        if (own === undefined) break
        if (seq !== known.seq + 1 || hash !== hashAuditRow(seq, known.hash, body))
          return breakAt(known, 'is followed by one that does not continue it')
        if (seq === own.seq) {
          if (hash !== own.hash) return breakAt(own, 'is not the one that was written')
          ahead.shift()
          keep(own)
        }
        known = { seq, hash }
      }
      if (rows.length === 0) return breakAt(known, 'is the last one, and others were written after it')
    }
  }

  return {
    async begin() {
      if (known !== undefined) return
      const saved = readAnchor()
      const last = await store.last()
      if (saved !== undefined) {
        signedSeq = saved.checkpoint
        const [row] = await store.list({ afterSeq: saved.seq - 1, limit: 1 })
        const isPruned = row !== undefined && row.seq > saved.seq
        if (!isPruned && (row?.seq !== saved.seq || row.hash !== saved.hash))
          breakAt(saved, 'is missing or not the one that was written before the last start')
      } else signedSeq = await lastSigned(store, key.id)
      known = last ?? { seq: 0, hash: FIRST_HASH }
    },

    advance(bodies, last) {
      if (isBroken || known === undefined) return
      if (ahead.length === 0 && last.seq === known.seq + bodies.length) {
        const before = known
        const hash = bodies.reduce(
          (from, { body }, index) => hashAuditRow(before.seq + index + 1, from, body),
          before.hash,
        )
        if (hash !== last.hash) return breakAt(before, 'was changed after it had been written')
        known = last
        keep(last)
        return
      }
      if (ahead.length < MAX_AHEAD) ahead.push(last)
      following ??= follow()
        .catch(onFault)
        .finally(() => (following = undefined))
    },

    unsignedRows: () => (isBroken || known === undefined ? 0 : Math.max(0, known.seq - signedSeq)),

    async sign() {
      await following
      if (isBroken || known === undefined || known.seq <= signedSeq) return
      const checkpoint = signCheckpoint(known, signedSeq, nowMs(), key)
      await store.putCheckpoint(checkpoint)
      signedSeq = checkpoint.seq
      keep(known)
    },
  }
}

/** The number of the last checkpoint of a key. */
async function lastSigned(store: AuditStore, keyId: string): Promise<number> {
  let found = 0
  for (let from = 0; ;) {
    const page = await store.checkpoints(from)
    const last = page.at(-1)
    found = page.findLast((checkpoint) => checkpoint.keyId === keyId)?.seq ?? found
    if (last === undefined) return found
    from = last.seq + 1
  }
}
