import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

import type { StorePlan } from './config/schema/store.ts'
import { GatewayError } from './core/errors.ts'
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

  return {
    isThere,
    /** @throws GatewayError `sealed`, `state_unwritable` */
    seal: (plan: StorePlan | undefined): Promise<Seal> => sealOf(plan, SILENT),
    open: async (plan: StorePlan | undefined, notes: StoreNotes = SILENT): Promise<Store> => {
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
    },
    /** @throws GatewayError `declared`, `sealed`, `store_unusable` */
    openDesk: async (
      plan: StorePlan | undefined,
      { mayMake = false, hasNewKey = false }: StoreDeskOptions = {},
    ): Promise<StoreDesk> => {
      const place = placeOf(plan)
      if (place.url === undefined && place.path === undefined)
        throw new GatewayError('store_unusable', 'The store is in memory (`store.path` is false).')
      if (!mayMake && !isThere(plan))
        throw new GatewayError('store_unusable', `There is no store yet at ${place.path}.`)
      const { openStoreDesk } = await import('./store/desk/desk.ts')
      return openStoreDesk(place, { clock: CLOCK, seal: await sealOf(plan, SILENT, hasNewKey) })
    },
  }
}
