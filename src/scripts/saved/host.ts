import type { BackendStatus } from '../../core/ports.ts'
import type { ScriptHost } from '../host.ts'

/** What saved scripts need of the gateway that they are part of. */
export interface SavedHost extends ScriptHost {
  /** Undefined for a server that is not configured. */
  readonly stateOf: (server: string) => BackendStatus['state'] | undefined
  readonly onCatalogChange: (listener: () => void) => () => void
}
