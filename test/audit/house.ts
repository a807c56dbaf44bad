import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { onTestFinished } from 'vitest'

import { openAnchor } from '../../src/audit/anchor.ts'
import { createAudit, type AuditParts } from '../../src/audit/audit.ts'
import { newSigningKey } from '../../src/audit/signing-key.ts'
import type { Audit, AuditEvent } from '../../src/core/audit.ts'
import { createArrayStore, type ArrayStore } from './array-store.ts'

/** A folder of its own for a test. */
export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'isogate-audit-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** An audit with all that it is made of, and what it complained of. */
export interface House {
  readonly audit: Audit
  readonly store: ArrayStore
  readonly parts: AuditParts
  readonly faults: Error[]
}

/** Opens an audit over a store that a test can reach. */
export async function openHouse(
  given: Partial<AuditParts> & { readonly store?: ArrayStore } = {},
): Promise<House> {
  const faults: Error[] = []
  const store = given.store ?? createArrayStore()
  let count = 0
  const parts: AuditParts = {
    key: newSigningKey(),
    anchor: openAnchor(join(await newFolder(), 'audit.head.json')),
    settings: { checkpointRows: 1_000, checkpointMs: 60_000 },
    clock: { nowMs: Date.now, monotonicMs: () => performance.now() },
    newId: () => `id-${(count += 1)}`,
    onFault: (error) => void faults.push(error),
    ...given,
    store,
  }
  const audit = createAudit(parts)
  onTestFinished(() => audit.close())
  return { audit, store, parts, faults }
}

/** The events that are written, in their order. */
export function written({ rows }: ArrayStore): AuditEvent[] {
  return rows.map(({ body }) => JSON.parse(body) as AuditEvent)
}

/** Their ids. */
export function writtenIds(store: ArrayStore): string[] {
  return written(store).map(({ id }) => id)
}

/** Lets a promise be settled from outside. */
export function newGate(): { readonly pass: Promise<void>; readonly open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { pass: promise, open: resolve }
}
