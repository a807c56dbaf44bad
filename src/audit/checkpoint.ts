import { sign, verify } from 'node:crypto'

import type { AuditCheckpoint, AuditRow } from '../core/audit.ts'
import { canonicalJson, isJsonObject, type Json, type JsonObject } from '../core/json.ts'
import type { SigningKey, TrustedKeys } from './signing-key.ts'

/** A place in the chain: everything up to there follows from the hash. */
export type Head = Pick<AuditRow, 'seq' | 'hash'>

/** Signs the chain up to a place. */
export function signCheckpoint(
  { seq, hash }: Head,
  previous: number,
  atMs: number,
  key: SigningKey,
): AuditCheckpoint {
  const signed = { seq, hash, previous, atMs, keyId: key.id }
  return { ...signed, signature: signText(canonicalJson(signed), key) }
}

/** True where one of the keys signed exactly this. */
export function isSigned(checkpoint: AuditCheckpoint, keys: TrustedKeys): boolean {
  const { seq, hash, previous, atMs, keyId, signature } = checkpoint
  return isGood(canonicalJson({ seq, hash, previous, atMs, keyId }), keyId, signature, keys)
}

/**
 * What the event `audit.pruned` says: that whoever has the key took the rows up to a checkpoint away. It is signed for itself: anybody who can
 * write into the store could put an event at the end of the chain.
 */
export function toPrunedDetail({ seq, hash }: Head, key: SigningKey, rows: number): JsonObject {
  const signature = signText(prunedText(seq, hash, key.id), key)
  return { checkpoint: seq, hash, keyId: key.id, rows, signature }
}

/** True where the detail of an event is a signed word that the rows up to a place were taken away. */
export function allowsPruning(detail: Json | undefined, { seq, hash }: Head, keys: TrustedKeys): boolean {
  if (!isJsonObject(detail)) return false
  const { checkpoint, keyId, signature } = detail
  if (checkpoint !== seq || detail['hash'] !== hash) return false
  if (typeof keyId !== 'string' || typeof signature !== 'string') return false
  return isGood(prunedText(seq, hash, keyId), keyId, signature, keys)
}

/** Never the text of a checkpoint: `pruned` is a member that no checkpoint has. */
function prunedText(seq: number, hash: string, keyId: string): string {
  return canonicalJson({ pruned: seq, hash, keyId })
}

function signText(text: string, { privateKey }: SigningKey): string {
  return sign(null, Buffer.from(text), privateKey).toString('base64')
}

function isGood(text: string, keyId: string, signature: string, keys: TrustedKeys): boolean {
  const key = keys.get(keyId)
  return key !== undefined && verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'))
}
