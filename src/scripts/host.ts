import type { Plan } from '../config/compile.ts'
import type { Door, Handler } from '../core/call.ts'
import type { Principal } from '../core/principal.ts'
import type { ToolRef } from '../core/tool.ts'
import type { DiscoveryView } from './discovery/discovery.ts'

/** What the script engine needs of the gateway that it is part of. */
export interface ScriptHost {
  readonly handler: Handler
  readonly snapshot: () => DiscoveryView
  /** The configuration that is at work. */
  readonly configuration: () => { readonly plan: Plan }
  readonly isVisible: (principal: Principal, door: Door, tool: ToolRef) => boolean
}
