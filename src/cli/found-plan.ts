import type { Plan } from '../config/compile.ts'
import { GatewayError } from '../core/errors.ts'
import type { CliPorts } from './ports.ts'
import { loadPlan } from './session.ts'

/**
 * The configuration that says where the store is. Nothing where there is none: then the store is where it is by default.
 *
 * @throws GatewayError `config_not_found` where one was named, `config_invalid`
 */
export async function findPlan(ports: CliPorts, config: string | undefined): Promise<Plan | undefined> {
  try {
    return (await loadPlan(ports, config)).plan
  } catch (error) {
    if (config === undefined && error instanceof GatewayError && error.code === 'config_not_found')
      return undefined
    throw error
  }
}
