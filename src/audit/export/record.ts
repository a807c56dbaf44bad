import type { AuditEvent, AuditRow } from '../../core/audit.ts'
import { isJsonObject } from '../../core/json.ts'

/** A row that is read. */
export interface AuditRecord {
  readonly seq: number
  readonly hash: string
  readonly event: AuditEvent
}

/** The event of a row; nothing where its body is none, which `verifyAudit` tells. */
export function toRecord({ seq, hash, body }: AuditRow): AuditRecord | undefined {
  try {
    const event: unknown = JSON.parse(body)
    return isJsonObject(event) ? { seq, hash, event: event as unknown as AuditEvent } : undefined
  } catch {
    return undefined
  }
}
