import type { StoreDesk, StoreDeskOptions } from '../../core/store-desk.ts'
import { findPlan } from '../found-plan.ts'
import type { CliPorts } from '../ports.ts'

/** Works on the store of the configuration, or on that of the state folder where there is none, and closes it. */
export async function withDesk<Value>(
  ports: CliPorts,
  config: string | undefined,
  options: StoreDeskOptions,
  work: (desk: StoreDesk) => Promise<Value>,
): Promise<Value> {
  const desk = await ports.openStoreDesk(await findPlan(ports, config), options)
  try {
    return await work(desk)
  } finally {
    await desk.close()
  }
}
