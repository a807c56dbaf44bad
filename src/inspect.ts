import type { Inspection } from './cli/ports.ts'
import type { Plan } from './config/compile.ts'
import type { BackendView } from './core/ports.ts'
import type { UpstreamDeps } from './mcp/plan.ts'
import { createUpstream } from './mcp/upstream/upstream.ts'

/** Starts the servers of a plan and nothing else: no layers, no cells, and no way to call a tool. */
export function inspectServers(plan: Plan, deps: UpstreamDeps): Inspection {
  const upstreams = plan.servers.map((server) => createUpstream(server, deps))
  return {
    servers: upstreams.map(viewOf),
    close: async () => {
      await Promise.all(upstreams.map((upstream) => upstream.close()))
    },
  }
}

/** Picks what may be seen: the way to call is left behind, not only hidden by a type. */
function viewOf(view: BackendView): BackendView {
  const { server, status, tools, quarantined, onChange, settled, describe, errorOutput } = view
  return {
    server,
    status,
    tools,
    quarantined,
    onChange,
    settled,
    ...(describe === undefined ? {} : { describe }),
    ...(errorOutput === undefined ? {} : { errorOutput }),
  }
}
