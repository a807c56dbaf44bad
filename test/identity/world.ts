import { randomBytes, randomUUID } from 'node:crypto'

import { onTestFinished } from 'vitest'

import type { DeclaredIdentities } from '../../src/config/schema/identity.ts'
import type { AuditEvent } from '../../src/core/audit.ts'
import type { IdentityDesk } from '../../src/core/identity-desk.ts'
import { createIdentityDesk } from '../../src/identity/desk.ts'
import type { DeskParts } from '../../src/identity/desk-work.ts'
import { createKeyring, type Keyring } from '../../src/identity/keyring.ts'
import { createMemoryIdentities, type MemoryIdentities } from './memory-store.ts'

/** Rules and limits of a level that says nothing. */
export const LEVEL = {
  policy: { ask: [], deny: [], rules: [] },
  limits: { rates: [], budgets: [] },
} as const

const NOTHING: DeclaredIdentities = { organisations: [], teams: [], keys: [] }

/** A clock that stands still until it is moved. */
interface WorldClock {
  readonly nowMs: () => number
  readonly monotonicMs: () => number
  readonly pass: (durationMs: number) => void
  /** Sets the clock on the wall back; no time has gone by. */
  readonly setBack: (durationMs: number) => void
}

function createWorldClock(): WorldClock {
  let passedMs = 0
  let offMs = 0
  return {
    nowMs: () => Date.UTC(2026, 0, 15, 12) + passedMs - offMs,
    monotonicMs: () => passedMs,
    pass: (durationMs) => (passedMs += durationMs),
    setBack: (durationMs) => (offMs += durationMs),
  }
}

/** A keyring with its desk, on one store. */
export interface World {
  readonly store: MemoryIdentities
  readonly clock: WorldClock
  readonly keyring: Keyring
  readonly desk: IdentityDesk
  /** What went to the log. */
  readonly warnings: readonly string[]
  readonly events: readonly AuditEvent[]
}

export interface WorldParts extends Partial<Pick<DeskParts, 'audit'>> {
  readonly declared?: Partial<DeclaredIdentities>
  /** Of another world that this one shares. */
  readonly store?: MemoryIdentities
  readonly pollMs?: number
}

/** Makes a world that ends with the test; time stands still in it. */
export async function createWorld(parts: WorldParts = {}): Promise<World> {
  const { store = createMemoryIdentities(), pollMs = 60_000 } = parts
  const declared = { ...NOTHING, ...parts.declared }
  const clock = createWorldClock()
  const warnings: string[] = []
  const events: AuditEvent[] = []
  const keyring = createKeyring({
    store,
    declared,
    clock,
    pollMs,
    log: { warn: (_detail, message) => void warnings.push(message) },
  })
  onTestFinished(() => keyring.close())
  await keyring.refresh().catch(() => {})
  const desk = createIdentityDesk({
    store,
    declared: () => declared,
    nowMs: clock.nowMs,
    random: randomBytes,
    newId: randomUUID,
    refresh: keyring.refresh,
    audit: { record: async (event) => void events.push(event), requireReady: () => {} },
    ...(parts.audit === undefined ? {} : { audit: parts.audit }),
  })
  return { store, clock, keyring, desk, warnings, events }
}

/** The code of the error that is thrown; `ok` where none is. */
export async function codeOf(work: () => unknown): Promise<string> {
  try {
    await work()
    return 'ok'
  } catch (thrown) {
    return (thrown as { code?: string }).code ?? String(thrown)
  }
}
