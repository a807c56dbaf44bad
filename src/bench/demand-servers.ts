import type { Task } from '../config/tasks/schema.ts'
import { GatewayError } from '../core/errors.ts'
import type { BackendStatus } from '../core/ports.ts'

const MAX_REASON = 300

/** The servers without which tasks cannot be played. */
export function serversOf(tasks: readonly Task[]): readonly string[] {
  const tools = tasks.flatMap(({ tools: shown, direct, state }) => [
    ...shown,
    ...direct.flatMap(({ calls }) => calls),
    ...state,
  ])
  return [...new Set(tools.map(({ tool }) => tool.slice(0, tool.indexOf('.'))))]
}

/** @throws GatewayError `upstream_unavailable` for the first server that is needed and is down, or is not there at all */
export function demandServers(
  servers: readonly { readonly server: string; readonly status: BackendStatus }[],
  needed: readonly string[],
): void {
  for (const name of needed) {
    const status = servers.find(({ server }) => server === name)?.status
    if (status === undefined)
      throw new GatewayError(
        'upstream_unavailable',
        `The tasks need the server "${name}", which is not configured.`,
      )
    if (status.state === 'down')
      throw new GatewayError(
        'upstream_unavailable',
        `The tasks need the server "${name}", which is down: ${status.reason.slice(0, MAX_REASON)}`,
      )
  }
}
