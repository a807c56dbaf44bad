import type { Plan } from '../../config/compile.ts'
import type { AuditStore } from '../../core/audit.ts'
import { findPlan } from '../found-plan.ts'
import type { CliPorts } from '../ports.ts'

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
  const plan = await findPlan(ports, config)
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
