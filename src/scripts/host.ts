import type { Handler } from '../core/call.ts'
import type { Principal } from '../core/principal.ts'
import type { ToolRef } from '../core/tool.ts'
import type { DiscoveryView } from './discovery.ts'

/** What the script engine needs of the gateway that it is part of. */
export interface ScriptHost {
  readonly handler: Handler
  readonly snapshot: () => DiscoveryView
  readonly isVisible: (principal: Principal, tool: ToolRef) => boolean
}
