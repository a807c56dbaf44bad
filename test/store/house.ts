import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { onTestFinished } from 'vitest'

import type { GatewayError } from '../../src/core/errors.ts'
import type { Seal } from '../../src/core/seal.ts'
import type { NewRun, Store } from '../../src/core/store.ts'
import type { StoreSettings } from '../../src/store/limits.ts'
import { openStore, type StorePlace } from '../../src/store/store.ts'

/** A clock that stands still until it is moved. */
export interface TestClock {
  readonly nowMs: () => number
  readonly monotonicMs: () => number
  readonly pass: (durationMs: number) => void
}

export function createTestClock(startMs = Date.UTC(2026, 0, 15, 12)): TestClock {
  let passedMs = 0
  return {
    nowMs: () => startMs + passedMs,
    monotonicMs: () => passedMs,
    pass: (durationMs) => (passedMs += durationMs),
  }
}

/** A folder that is gone when the test has ended. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'isogate-store-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export interface TestStore {
  readonly store: Store
  readonly clock: TestClock
  readonly faults: readonly GatewayError[]
}

export interface TestStoreOptions extends StorePlace {
  readonly settings?: StoreSettings
  readonly clock?: TestClock
  readonly seal?: Seal
}

/** Opens a store that is closed when the test has ended. */
export async function openTestStore({
  settings,
  seal,
  clock = createTestClock(),
  ...place
}: TestStoreOptions): Promise<TestStore> {
  const faults: GatewayError[] = []
  const store = await openStore({
    ...place,
    clock,
    random: randomBytes,
    onFault: (error) => faults.push(error),
    ...(settings === undefined ? {} : { settings }),
    ...(seal === undefined ? {} : { seal }),
  })
  onTestFinished(() => store.close())
  return { store, clock, faults }
}

export function runOf(id: string, owner = 'ann', more: Partial<NewRun> = {}): NewRun {
  return { id, owner, code: 'return 1', options: {}, record: { turns: [] }, reasons: ['approval'], ...more }
}
