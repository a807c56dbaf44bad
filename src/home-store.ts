import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

import type { StorePlan } from './config/schema/store.ts'
import { toBody } from './audit/event-text.ts'
import { describeError, GatewayError, toGatewayError } from './core/errors.ts'
import type { JsonObject } from './core/json.ts'
import type { Seal } from './core/seal.ts'
import type { StoreDesk, StoreDeskOptions } from './core/store-desk.ts'
import type { Store } from './core/store.ts'

/** Told of what somebody should know and what does not stop the work. */
export interface StoreNotes {
  /** Something that may be lost was lost. */
  readonly onFault: (error: Error) => void
  readonly warn: (message: string) => void
}

const SILENT: StoreNotes = { onFault: () => {}, warn: () => {} }
const CLOCK = { nowMs: () => Date.now(), monotonicMs: () => performance.now() }

/** The store of a home: where the configuration says, or in the state folder. All of it is loaded when it is used. */
export function createHomeStore(stateFolder: string) {
  /** Neither where everything is in memory. */
  const placeOf = (plan: StorePlan | undefined): { readonly url?: string; readonly path?: string } => {
    if (plan?.url !== undefined) return { url: plan.url }
    return plan?.path === false ? {} : { path: plan?.path ?? join(stateFolder, 'isogate.db') }
  }
  const isThere = (plan: StorePlan | undefined): boolean => {
    const { url, path } = placeOf(plan)
    return url !== undefined || (path !== undefined && existsSync(path))
  }
  const sealOf = async (
    plan: StorePlan | undefined,
    { warn }: StoreNotes,
    hasNewKey = false,
  ): Promise<Seal> => {
    const [{ createSeal }, { addStoreKey, loadStoreKeys, storeKeyFile }] = await Promise.all([
      import('./secrets/seal.ts'),
      import('./secrets/store-keys.ts'),
    ])
    const keys = loadStoreKeys(stateFolder, plan?.keys, { random: randomBytes, warn })
    if (!hasNewKey) return createSeal(keys, randomBytes)
    if (plan?.keys !== undefined)
      throw new GatewayError('declared', 'The keys are in `store.keys`: put a new one before them there.')
    return createSeal(addStoreKey(storeKeyFile(stateFolder), randomBytes), randomBytes)
  }

  const open = async (plan: StorePlan | undefined, notes: StoreNotes = SILENT): Promise<Store> => {
    const { openStore } = await import('./store/store.ts')
    const place = placeOf(plan)
    const isInMemory = place.url === undefined && place.path === undefined
    return openStore({
      ...place,
      ...(plan === undefined ? {} : { settings: plan }),
      // What is in memory ends with it.
      ...(isInMemory ? {} : { seal: await sealOf(plan, notes) }),
      clock: CLOCK,
      random: randomBytes,
      onFault: notes.onFault,
    })
  }

  return {
    isThere,
    /** @throws GatewayError `sealed`, `state_unwritable` */
    seal: (plan: StorePlan | undefined): Promise<Seal> => sealOf(plan, SILENT),
    open,
    /**
     * @param isRecorded false: what is done to the store is not in the audit
     * @throws GatewayError `declared`, `sealed`, `store_unusable`
     */
    openDesk: async (
      plan: StorePlan | undefined,
      { mayMake = false, hasNewKey = false }: StoreDeskOptions = {},
      isRecorded = true,
    ): Promise<StoreDesk> => {
      const place = placeOf(plan)
      if (place.url === undefined && place.path === undefined)
        throw new GatewayError('store_unusable', 'The store is in memory (`store.path` is false).')
      if (!mayMake && !isThere(plan))
        throw new GatewayError('store_unusable', `There is no store yet at ${place.path}.`)
      const { openStoreDesk } = await import('./store/desk/desk.ts')
      const desk = await openStoreDesk(place, { clock: CLOCK, seal: await sealOf(plan, SILENT, hasNewKey) })
      return isRecorded ? withRecord(desk, () => open(plan)) : desk
    },
  }
}

/** Appends what was done to a store to the audit in it. A gateway signs it, as all that others append. */
function withRecord(desk: StoreDesk, open: () => Promise<Pick<Store, 'audit' | 'close'>>): StoreDesk {
  const record = async (detail: JsonObject): Promise<void> => {
    const event = { kind: 'store.changed', principal: 'cli', outcome: 'ok', detail } as const
    try {
      const store = await open()
      try {
        await store.audit.append([toBody({ ...event, atMs: Math.floor(CLOCK.nowMs()), id: randomUUID() })])
      } finally {
        await store.close()
      }
    } catch (cause) {
      const why = describeError(toGatewayError(cause))
      throw new GatewayError('audit_unavailable', `It was done, but it could not be recorded: ${why}`, {
        cause,
      })
    }
  }
  return {
    ...desk,
    async restore(file, mayReplace) {
      const copy = await desk.restore(file, mayReplace)
      await record({ what: 'restore', ...copy })
      return copy
    },
    async migrate() {
      const done = await desk.migrate()
      // A store that was only made holds nothing yet: whoever restores into it next must find it empty.
      if (done.from > 0 && done.from !== done.to) await record({ what: 'migrate', ...done })
      return done
    },
    async rekey() {
      const values = await desk.rekey()
      await record({ what: 'rekey', values })
      return values
    },
  }
}
