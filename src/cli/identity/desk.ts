import { randomBytes } from 'node:crypto'

import { toBody } from '../../audit/event-text.ts'
import type { Plan } from '../../config/compile.ts'
import { GatewayError } from '../../core/errors.ts'
import type { IdentityStore } from '../../core/identity.ts'
import type { IdentityDesk } from '../../core/identity-desk.ts'
import type { Store } from '../../core/store.ts'
import { createIdentityDesk } from '../../identity/desk.ts'
import { findPlan } from '../found-plan.ts'
import type { CliPorts } from '../ports.ts'
import { CLI_PRINCIPAL } from '../session.ts'

/** Who does it, in the audit. */
export const BY = CLI_PRINCIPAL.id

const NOBODY = Object.freeze({ organisations: [], teams: [], keys: [] })

/** What there is where no store is: nothing but what the configuration declares. */
const NO_STORE: Pick<IdentityStore, 'load'> = {
  load: () => Promise.resolve({ version: 0, ...NOBODY }),
}

/** Opens the desk to look at what is there; where no store is, none is made. */
export async function withReading<T>(
  ports: CliPorts,
  config: string | undefined,
  work: (desk: IdentityDesk) => Promise<T>,
): Promise<T> {
  const plan = await findPlan(ports, config)
  const store = await ports.openStore(plan)
  try {
    return await work(openDesk(ports, plan, store))
  } finally {
    await store?.close()
  }
}

/**
 * Opens the desk over the store of this home, which is made where there is none, does the work, and closes it. A gateway that runs follows
 * what is changed.
 *
 * @throws GatewayError `bad_request` where everything is in memory
 */
export async function withDesk<T>(
  ports: CliPorts,
  config: string | undefined,
  work: (desk: IdentityDesk) => Promise<T>,
): Promise<T> {
  const plan = await findPlan(ports, config)
  const store = await ports.openStore(plan, true)
  if (store === undefined)
    throw new GatewayError(
      'bad_request',
      '`store.path` is false: keys would be gone at once. Declare them in the configuration, or keep a store.',
    )
  try {
    return await work(openDesk(ports, plan, store))
  } finally {
    await store.close()
  }
}

function openDesk(
  { nowMs, newId }: CliPorts,
  plan: Plan | undefined,
  store: Store | undefined,
): IdentityDesk {
  const audit = {
    requireReady: () => {},
    record: async (event: Parameters<typeof toBody>[0]) => void (await store?.audit.append([toBody(event)])),
  }
  return createIdentityDesk({
    // Where there is none it is only read.
    store: store?.identity ?? (NO_STORE as IdentityStore),
    declared: () => plan?.identities ?? NOBODY,
    nowMs,
    newId,
    random: randomBytes,
    ...(plan?.audit.enabled === false ? {} : { audit }),
  })
}
