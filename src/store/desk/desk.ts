import type { Seal } from '../../core/seal.ts'
import type { StoreDesk } from '../../core/store-desk.ts'
import { MIGRATIONS } from '../migrations.ts'
import { migrate } from '../sql/migrate.ts'
import { openBase, type StorePlace } from '../store.ts'
import { backUp } from './backup.ts'
import { rekey } from './rekey.ts'
import { restore } from './restore.ts'

export interface StoreDeskPorts {
  readonly clock: { readonly nowMs: () => number }
  readonly seal: Seal
}

/**
 * Opens a store for a person, as it is: it is brought up to date only where that is what is wanted, or needed.
 *
 * @throws GatewayError `store_unusable`
 */
export async function openStoreDesk(place: StorePlace, { clock, seal }: StoreDeskPorts): Promise<StoreDesk> {
  const base = await openBase(place)
  const nowMs = (): number => Math.floor(clock.nowMs())
  const attempt = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    try {
      return await work()
    } catch (error) {
      throw base.toError(error)
    }
  }
  const update = () => migrate(base, MIGRATIONS, nowMs())
  return {
    where: base.where,
    backup: (file, mayReplace) =>
      attempt(async () => {
        await update()
        return backUp(base, file, mayReplace)
      }),
    restore: (file, mayReplace) => attempt(() => restore(base, file, mayReplace, nowMs())),
    migrate: () =>
      attempt(async () => {
        const done = await update()
        return { from: MIGRATIONS.length - done.length, to: MIGRATIONS.length }
      }),
    rekey: () =>
      attempt(async () => {
        await update()
        return rekey(base, seal)
      }),
    close: () => base.close(),
  }
}
