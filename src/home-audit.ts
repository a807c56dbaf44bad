import { randomUUID } from 'node:crypto'

import { anchorFile, openAnchor, type Anchor } from './audit/anchor.ts'
import { createAudit } from './audit/audit.ts'
import { pruneAudit } from './audit/prune.ts'
import { auditKeyFile, loadSigningKey, newSigningKey, type TrustedKeys } from './audit/signing-key.ts'
import type { AuditPlan } from './config/schema/audit.ts'
import type { Audit } from './core/audit.ts'
import type { Clock } from './core/ports.ts'
import type { Store } from './core/store.ts'

/** What an audit of a home is opened with. */
export interface HomeAuditParts {
  readonly stateFolder: string
  /** Absent: what holds where a configuration says nothing. */
  readonly plan: AuditPlan | undefined
  readonly store: Pick<Store, 'audit'>
  /** True where the store ends with the process: then nothing is kept beside it either. */
  readonly isInMemory: boolean
  readonly clock: Clock
  readonly onFault: (error: Error) => void
  readonly warn: (message: string) => void
}

/** An audit that can be written, and what it is verified with. */
export interface HomeAudit {
  readonly audit: Audit
  readonly keys: TrustedKeys
  readonly anchor: () => Anchor | undefined
  /** Takes away what is older than the configuration wants, now and once a day. Stops when the audit is closed. */
  readonly keepShort: () => void
}

const DAY_MS = 86_400_000
const CHECKPOINT_ROWS = 1_000
const CHECKPOINT_MS = 60_000
/** Not in the moment of the start. */
const FIRST_PRUNE_MS = 60_000

/**
 * Opens the audit of a home: its key and its anchor stand beside the store and not in it.
 *
 * @throws GatewayError `audit_unavailable`, `state_unwritable`
 */
export function openHomeAudit(parts: HomeAuditParts): HomeAudit {
  const { plan, store, clock, onFault, warn } = parts
  const keyFile = plan?.keyFile ?? auditKeyFile(parts.stateFolder)
  const key = parts.isInMemory ? newSigningKey() : loadSigningKey(keyFile, warn)
  const file = anchorFile(keyFile)
  const anchor = parts.isInMemory ? undefined : openAnchor(file)
  const audit = createAudit({
    store: store.audit,
    key,
    ...(anchor === undefined ? {} : { anchor }),
    settings: {
      checkpointRows: plan?.checkpointRows ?? CHECKPOINT_ROWS,
      checkpointMs: plan?.checkpointMs ?? CHECKPOINT_MS,
    },
    clock,
    newId: randomUUID,
    onFault,
  })
  let timer: NodeJS.Timeout | undefined
  let isClosed = false
  const prune = async (): Promise<void> => {
    const retentionMs = (plan?.retentionDays ?? 400) * DAY_MS
    const ports = { store: store.audit, audit, key, nowMs: clock.nowMs, newId: randomUUID }
    await pruneAudit(ports, retentionMs).catch(onFault)
    if (!isClosed) timer = setTimeout(() => void prune(), DAY_MS).unref()
  }
  return {
    audit: {
      ...audit,
      close: () => {
        isClosed = true
        clearTimeout(timer)
        return audit.close()
      },
    },
    keys: new Map([[key.id, key.publicKey]]),
    // Opened anew: that of the audit may be closed.
    anchor: () => (parts.isInMemory ? undefined : openAnchor(file).read()),
    keepShort: () => {
      timer ??= setTimeout(() => void prune(), FIRST_PRUNE_MS).unref()
    },
  }
}
