import type { ScriptDesk } from './core/saved-scripts.ts'
import type { Gateway } from './gateway/gateway.ts'
import type { SavedScripts } from './scripts/saved/saved-scripts.ts'

/** A gateway with the desk of its saved scripts. */
export type GatewayWithScripts = Gateway & { readonly desk: ScriptDesk }

/** Lets saved scripts follow their gateway: its tools, its configuration, its end. */
export function withSavedScripts(gateway: Gateway, saved: SavedScripts): GatewayWithScripts {
  const stop = saved.follow()
  return {
    ...gateway,
    desk: saved.desk,
    async reload(plan) {
      const reloaded = await gateway.reload(plan)
      // The folder may have changed where the configuration has not.
      saved.reload(plan.scripts)
      return reloaded
    },
    close() {
      stop()
      return gateway.close()
    },
  }
}
