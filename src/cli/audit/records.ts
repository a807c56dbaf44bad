import type { Plan } from '../../config/compile.ts'
import type { AuditStore } from '../../core/audit.ts'
import { GatewayError } from '../../core/errors.ts'
import type { CliPorts } from '../ports.ts'
import { loadPlan } from '../session.ts'

/** The records of this home, and the configuration that says where they are. */
export interface Records {
  readonly plan: Plan | undefined
  readonly store: Pick<AuditStore, 'list' | 'checkpoints'>
}

/** Opens the records, does the work, and closes them. Nothing where there are none yet. */
export async function withRecords<T>(
  ports: CliPorts,
  config: string | undefined,
  work: (records: Records) => Promise<T>,
): Promise<T | undefined> {
  const plan = await planOf(ports, config)
  const store = await ports.openStore(plan)
  if (store === undefined) return undefined
  try {
    return await work({ plan, store: store.audit })
  } finally {
    await store.close()
  }
}

/** What is said where there is no store, or nothing in it. */
export const NOTHING_YET =
  'Nothing has been recorded yet. A gateway records what it does where a store is kept.'

/** The configuration that says where the store is; without any it is where it is by default. */
async function planOf(ports: CliPorts, config: string | undefined): Promise<Plan | undefined> {
  try {
    return (await loadPlan(ports, config)).plan
  } catch (error) {
    if (config === undefined && error instanceof GatewayError && error.code === 'config_not_found')
      return undefined
    throw error
  }
}
