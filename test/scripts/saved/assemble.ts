import { randomBytes, randomUUID } from 'node:crypto'

import { systemClock } from '../../../src/assemble.ts'
import type { Plan, ServerPlan } from '../../../src/config/compile.ts'
import type { Backend, Journal } from '../../../src/core/ports.ts'
import { createGateway, type Gateway } from '../../../src/gateway/gateway.ts'
import { createSavedScriptsFolder } from '../../../src/saved-scripts-folder.ts'
import { withSavedScripts, type GatewayWithScripts } from '../../../src/saved-scripts.ts'
import { createScriptBackend, type ScriptParts } from '../../../src/scripts/backend.ts'
import { createSandbox } from '../../../src/scripts/cells/sandbox.ts'
import { createScriptChecker } from '../../../src/scripts/check/create.ts'
import { createSavedScripts, type SavedScripts } from '../../../src/scripts/saved/saved-scripts.ts'
import { openMemoryStore } from '../../../src/store/store.ts'
import type { Log } from '../../../src/telemetry/log.ts'

export interface AssemblyParts {
  readonly plan: Plan
  readonly log: Log
  readonly journal: Journal
  readonly createUpstream: (server: ServerPlan) => Backend
}

/** Puts a gateway with saved scripts together, everything real but what the test makes itself. */
export function assembleScripts({ plan, log, journal, createUpstream }: AssemblyParts): {
  readonly gateway: GatewayWithScripts
  readonly saved: SavedScripts
} {
  const { limits, ...cells } = plan.sandbox
  const store = openMemoryStore({ clock: systemClock, random: randomBytes })
  let saved: SavedScripts | undefined
  const inner = createGateway({
    plan,
    clock: systemClock,
    journal,
    onFault: (reference, cause) => log.error({ reference, err: String(cause) }, 'unforeseen failure'),
    createUpstream,
    createOwnBackends: (host) => {
      const parts: Omit<ScriptParts, 'host'> = {
        sandbox: createSandbox({
          ...cells,
          memoryMb: limits.memoryMb,
          maxFrameBytes: 64 * 1_048_576,
          clock: systemClock,
        }),
        checker: createScriptChecker({}),
        learned: { observe: () => {}, softOf: () => undefined, version: () => 0 },
        store,
        limits,
        clock: systemClock,
        newId: randomUUID,
        account: () => ({}),
      }
      const files = createSavedScriptsFolder()
      saved = createSavedScripts({ ...parts, host, files, log, plan: plan.scripts })
      return [createScriptBackend({ ...parts, host }), saved.backend]
    },
  })
  if (saved === undefined) throw new Error('The gateway made no backends.')
  const gateway = withSavedScripts(listingThem(inner), saved)
  const close = async (): Promise<void> => {
    await gateway.close()
    await store.close()
  }
  return { gateway: { ...gateway, close }, saved }
}

/** Of the backends of Isogate itself, only that of Code Mode is kept out of lists and searches. */
function listingThem(gateway: Gateway): Gateway {
  return {
    ...gateway,
    visibleTools: (principal, door) =>
      gateway
        .snapshot()
        .catalog.tools.filter(({ ref }) => ref.server !== 'code' && gateway.isVisible(principal, door, ref)),
    ownTool: (name) => {
      const spec = gateway.ownTool(name)
      return spec?.ref.server === 'code' ? spec : undefined
    },
  }
}
