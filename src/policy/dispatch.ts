import type { Handler } from '../core/call.ts'
import { GatewayError } from '../core/errors.ts'
import type { Backend } from '../core/ports.ts'

/**
 * The innermost handler, and the only place where a backend is called (test/policy/dispatch.test.ts reads the imports
 * of the whole program): whoever has no composed handler has no way to a backend.
 */
export function createDispatch(backendOf: (server: string) => Backend | undefined): Handler {
  return async (call) => {
    const backend = backendOf(call.tool.server)
    if (backend === undefined)
      throw new GatewayError('unknown_tool', `There is no server "${call.tool.server}".`)
    return backend.call(call)
  }
}
